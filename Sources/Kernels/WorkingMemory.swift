import COpenBLAS

#if canImport(Glibc)
import Glibc
public import Messages
#endif

/// Memory that products need before they can begin.
public enum WorkingMemory {
    /// There is less address space than the buffers of BLAS take.
    public struct Exhausted: Equatable, Explained {
        /// Threads that multiply, each with a buffer of its own.
        public let threads: Int
        /// The limit that the process has, in bytes.
        public let limit: Int

        /// What, where, what to do.
        public var explanation: Message {
            "out of memory: matrix products on \(threads) threads need"
                + " \(threads * WorkingMemory.bufferByteCount >> 20) MiB of address space beside the rest,"
                + " and the limit is \(limit >> 20) MiB. Raise it (ulimit -v), or use fewer \(.threads)."
        }
    }

    /// The most that a buffer of OpenBLAS takes: 32 << 22 bytes on x86-64 and ARM64 (`BUFFER_SIZE` in
    /// `common_x86_64.h` and `common_arm64.h`, 0.3.20 to 0.3.29), and what aligns it.
    static let bufferByteCount = (32 << 22) + (4 << 20)

    /// Takes the buffers of so many threads now, while nothing depends on it.
    ///
    /// OpenBLAS asks again for ever for a buffer that it cannot have. Without a limit on address space it
    /// always can; then nothing is done.
    ///
    /// - Throws: `Exhausted`.
    public static func reserve(threads: Int) throws(Exhausted) {
        precondition(threads >= 1, "threads is \(threads); it must be at least 1")
        guard let limit = addressSpaceLimit else { return }
        _ = MatrixMultiply.singleThreaded
        guard canMap(threads * bufferByteCount) else {
            throw Exhausted(threads: threads, limit: limit)
        }
        guard openblas_has_memory_calls() != 0 else { return }
        let buffers = unsafe (0..<threads).map { _ in unsafe blas_memory_alloc(0) }
        for index in 0..<threads { unsafe blas_memory_free(buffers[index]) }
    }

    /// The limit on address space in bytes; nil if there is none.
    private static var addressSpaceLimit: Int? {
        #if canImport(Glibc)
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
            limit.rlim_cur != .max
        else { return nil }
        return Int(clamping: limit.rlim_cur)
        #else
        return nil
        #endif
    }

    /// Whether so many bytes could be had now.
    private static func canMap(_ byteCount: Int) -> Bool {
        #if canImport(Glibc)
        let mapped = unsafe mmap(
            nil,
            byteCount,
            PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS,
            -1,
            0
        )
        guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else { return false }
        _ = unsafe munmap(mapped, byteCount)
        #endif
        return true
    }
}
