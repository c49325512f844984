import Crypto
import Foundation

/// A new file that is being written; closed when its owner lets go of it.
///
/// Created with `O_EXCL | O_NOFOLLOW`: nothing that exists is overwritten. Keeps the SHA-256 of
/// what was written, to compare with what is read back.
struct OutputFile: ~Copyable {
    private let descriptor: Int32
    private let path: String
    private let storage: Storage
    private var hash = SHA256()

    /// - Parameter isPrivate: Mode 0600 instead of 0644 (both less the process's mask).
    init(creating path: String, isPrivate: Bool, storage: Storage) throws(CheckpointError) {
        try storage.announce(.create, path)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = unsafe open(path, flags, isPrivate ? 0o600 : 0o644)
        guard descriptor >= 0 else { throw Storage.failure("create", path) }
        self.descriptor = descriptor
        self.path = path
        self.storage = storage
    }

    deinit { _ = close(descriptor) }

    /// Appends all bytes.
    mutating func write(_ bytes: [UInt8]) throws(CheckpointError) {
        try storage.announce(.write, path)
        hash.update(data: bytes)
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe Foundation.write(descriptor, rest, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                throw Storage.failure("write", path, code: count == 0 ? EIO : errno)
            }
            rest.removeFirst(count)
        }
    }

    /// Returns the digest of the content once it is on stable storage.
    func synchronize() throws(CheckpointError) -> FileDigest {
        try storage.announce(.synchronize, path)
        guard fsync(descriptor) == 0 else { throw Storage.failure("sync", path) }
        return FileDigest(hash.finalize())
    }
}
