#if canImport(Glibc)
import Glibc
#endif

/// Zeroed memory at a 64-byte boundary, freed by hand.
///
/// Large blocks come from the kernel directly and go back to it when freed, so that memory in use
/// is memory needed. They start at a huge page and ask for huge pages: matrix products over
/// hundreds of megabytes otherwise wait for address translation.
@unsafe struct AlignedMemory {
    /// From this size on a block is mapped: two huge pages of x86-64.
    static let mappedByteCount = 4 << 20
    private static let hugePage = 2 << 20

    let start: UnsafeMutableRawPointer
    private let mapping: UnsafeMutableRawPointer?
    private let mappingByteCount: Int

    /// Allocates `byteCount` zero bytes; stops if there is no memory.
    init(byteCount: Int) {
        #if canImport(Glibc)
        if unsafe byteCount >= Self.mappedByteCount {
            let length = unsafe byteCount + Self.hugePage
            let mapped = unsafe mmap(
                nil,
                length,
                PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS,
                -1,
                0
            )
            if let mapped = unsafe mapped, unsafe mapped != MAP_FAILED {
                unsafe start = unsafe mapped.alignedUp(toMultipleOf: Self.hugePage)
                unsafe mapping = unsafe mapped
                unsafe mappingByteCount = length
                // Advice only: without huge pages the memory is the same, a little slower.
                _ = unsafe madvise(start, byteCount, MADV_HUGEPAGE)
                return
            }
        }
        #endif
        unsafe start = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        unsafe start.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        unsafe mapping = nil
        unsafe mappingByteCount = 0
    }

    /// Gives the memory back; it must not be used afterwards.
    func free() {
        #if canImport(Glibc)
        if let mapping = unsafe mapping {
            _ = unsafe munmap(mapping, mappingByteCount)
            return
        }
        #endif
        unsafe start.deallocate()
    }
}
