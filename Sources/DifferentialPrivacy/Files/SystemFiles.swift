import FoundationEssentials
import Glibc

/// The real file system.
///
/// Files are created 0600 with `O_EXCL` and opened with `O_NOFOLLOW` and `O_CLOEXEC`: nothing that
/// exists is overwritten, no symbolic link is followed, no child process inherits a lock.
package struct SystemFiles: FileOperations {
    /// Creates the real thing.
    package init() {}

    package func createFile(_ path: String) throws(LedgerError) -> OpenFile {
        let flags = O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        return try handle(path, "create") { unsafe open($0, flags, 0o600) }
    }

    package func openFile(_ path: String) throws(LedgerError) -> OpenFile {
        try handle(path, "open") { unsafe open($0, O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC) }
    }

    package func openFolder(_ path: String) throws(LedgerError) -> OpenFile {
        try handle(path, "open") { unsafe open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    }

    package func createFolder(_ path: String) throws(LedgerError) {
        try unsafe check(mkdir(path, 0o700), "create", path)
    }

    package func append(
        _ bytes: [UInt8],
        to file: borrowing OpenFile
    ) throws(LedgerError) {
        var written = 0
        while written < bytes.count {
            let rest = Array(bytes[written...])
            let count = unsafe write(file.descriptor, rest, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("write", file.path, count == 0 ? EIO : errno) }
            written += count
        }
    }

    package func truncate(
        _ file: borrowing OpenFile,
        to length: Int
    ) throws(LedgerError) {
        try check(ftruncate(file.descriptor, length), "truncate", file.path)
    }

    package func synchronize(_ file: borrowing OpenFile) throws(LedgerError) {
        try check(fsync(file.descriptor), "sync", file.path)
    }

    package func lock(_ file: borrowing OpenFile) throws(LedgerError) -> Bool {
        if flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        guard errno == EWOULDBLOCK else { throw failure("lock", file.path, errno) }
        return false
    }

    package func contents(of path: String) throws(LedgerError) -> [UInt8]? {
        var bytes: [UInt8] = []
        do throws(LedgerError) {
            try FilePieces.read(path, noFollow: true) { bytes.append(contentsOf: $0) }
        } catch .fileFailed(_, _, ENOENT), .fileFailed(_, _, ENOTDIR) {
            return nil
        }
        return bytes
    }

    package func names(in folder: String) throws(LedgerError) -> [String]? {
        do throws(LedgerError) { _ = try openFolder(folder) } catch .fileFailed(_, _, ENOENT) {
            return nil
        }
        do { return try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
            throw failure("list", folder, code(of: error))
        }
    }

    package func removeFolder(_ path: String) throws(LedgerError) {
        do { try FileManager.default.removeItem(atPath: path) } catch {
            throw failure("remove", path, code(of: error))
        }
    }

    /// What the operating system said when Foundation failed; by then `errno` may say anything.
    private func code(of error: any Error) -> Int32 {
        guard let cause = (error as? CocoaError)?.underlying as? POSIXError else { return EIO }
        return cause.code.rawValue
    }

    package func rename(_ source: String, to target: String) throws(LedgerError) {
        try unsafe check(Glibc.rename(source, target), "rename to", target)
    }

    package func link(_ source: String, as target: String) throws(LedgerError) -> Bool {
        if unsafe Glibc.link(source, target) == 0 { return true }
        guard errno == EEXIST else { throw failure("create", target, errno) }
        return false
    }

    package func removeFile(_ path: String) throws(LedgerError) {
        try unsafe check(unlink(path), "remove", path)
    }

    private func handle(
        _ path: String,
        _ operation: String,
        _ open: (String) -> Int32
    ) throws(LedgerError) -> OpenFile {
        let descriptor = open(path)
        guard descriptor >= 0 else { throw failure(operation, path, errno) }
        return OpenFile(descriptor: descriptor, path: path)
    }

    private func check(
        _ result: Int32,
        _ operation: String,
        _ path: String
    ) throws(LedgerError) {
        guard result == 0 else { throw failure(operation, path, errno) }
    }

    private func failure(_ operation: String, _ path: String, _ code: Int32) -> LedgerError {
        .fileFailed(operation: operation, path: path, code: code)
    }
}
