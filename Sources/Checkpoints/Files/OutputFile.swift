import Cryptography
import Foundation

/// A new file that is being written; closed when its owner lets go of it.
///
/// Created with `O_EXCL | O_NOFOLLOW`: nothing that exists is overwritten. Keeps the SHA-256 of
/// what was written, to compare with what is read back.
struct OutputFile: ~Copyable {
    /// Values for one write, 1 MiB: large enough to stream, small beside a model.
    static let valuesAtOnce = 1 << 18

    private let descriptor: Int32
    private let path: String
    private var hash = SHA256()

    /// Creates the file, with mode 0600 if it is private and 0644 if not, less the process's mask.
    init(creating path: String, isPrivate: Bool) throws(CheckpointError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = unsafe open(path, flags, isPrivate ? 0o600 : 0o644)
        guard descriptor >= 0 else { throw Storage.failure("create", path) }
        self.descriptor = descriptor
        self.path = path
    }

    deinit { _ = close(descriptor) }

    /// Appends all elements, as they lie in memory: little endian.
    mutating func write<Element: BitwiseCopyable>(_ elements: [Element]) throws(CheckpointError) {
        let descriptor = descriptor
        let code = unsafe elements.withUnsafeBytes { bytes -> Int32 in
            unsafe hash.update(bytes.bytes)
            var written = 0
            while written < bytes.count {
                let count = unsafe Foundation.write(
                    descriptor,
                    bytes.baseAddress?.advanced(by: written),
                    bytes.count - written
                )
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return count == 0 ? EIO : errno }
                written += count
            }
            return 0
        }
        guard code == 0 else { throw Storage.failure("write", path, code: code) }
    }

    /// Returns the digest of the content once it is on stable storage.
    func synchronize() throws(CheckpointError) -> FileDigest {
        guard fsync(descriptor) == 0 else { throw Storage.failure("sync", path) }
        return FileDigest(hash.finalize())
    }
}
