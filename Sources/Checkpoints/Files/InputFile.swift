import Foundation

/// A regular file open for reading; closed when its owner lets go of it.
struct InputFile: ~Copyable {
    private let descriptor: Int32
    /// Where it was opened.
    let path: String
    /// Its length when it was opened, in bytes.
    let size: Int

    /// Opens a file; symbolic links are followed, as Hugging Face's cache consists of them.
    init(_ path: String) throws(CheckpointError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Storage.failure("open", path) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            _ = close(descriptor)
            throw .inputOutput(operation: "open as a regular file", path: path, code: EINVAL)
        }
        self.descriptor = descriptor
        self.path = path
        size = Int(status.st_size)
    }

    deinit { _ = close(descriptor) }

    /// Fills the first `count` elements from the bytes at `offset`, little endian.
    ///
    /// A file that ends before is an error: it was cut while it was read.
    func read<Element: BitwiseCopyable>(
        _ count: Int, into elements: inout [Element], at offset: Int
    ) throws(CheckpointError) {
        precondition(count <= elements.count, "\(count) elements into \(elements.count)")
        let needed = count * MemoryLayout<Element>.stride
        var got = 0
        while true {
            got = unsafe pread(descriptor, &elements, needed, offset)
            guard got < 0 && errno == EINTR else { break }
        }
        guard got >= 0 else { throw Storage.failure("read", path) }
        guard got == needed else {
            throw .inputOutput(operation: "read to the end", path: path, code: EIO)
        }
    }

    /// The whole file, which must not be longer than `limit` bytes.
    func contents(limit: Int) throws(CheckpointError) -> [UInt8] {
        guard size <= limit else {
            throw .inputOutput(operation: "read within \(limit) bytes", path: path, code: EFBIG)
        }
        var bytes = [UInt8](repeating: 0, count: size)
        try read(size, into: &bytes, at: 0)
        return bytes
    }
}
