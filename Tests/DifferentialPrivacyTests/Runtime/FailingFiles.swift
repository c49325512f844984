import Glibc
import Synchronization

@testable import DifferentialPrivacy

/// The real file system until operation `failing`, which fails with `code`.
///
/// Only operations that change something or make it durable are counted. A failing append has
/// written half of its bytes, as a full disk or a crash in its middle leaves them.
final class FailingFiles: FileOperations {
    enum Failure: Sendable {
        /// That one operation fails; the next ones work.
        case once
        /// Nothing works any more, as if the process had ended there.
        case forever
    }

    private let system = SystemFiles()
    private let count = Mutex(0)
    private let failing: Int
    private let failure: Failure
    private let code: Int32

    init(failing: Int, _ failure: Failure = .once, code: Int32 = EIO) {
        self.failing = failing
        self.failure = failure
        self.code = code
    }

    /// How many operations were counted.
    var operations: Int { count.withLock { $0 } }

    private func fails() -> Bool {
        let number = count.withLock { count in
            defer { count += 1 }
            return count
        }
        return number == failing || (failure == .forever && number > failing)
    }

    private func check(_ operation: String, _ path: String) throws(LedgerError) {
        if fails() { throw .fileFailed(operation: operation, path: path, code: code) }
    }

    func createFile(_ path: String) throws(LedgerError) -> OpenFile {
        try check("create", path)
        return try system.createFile(path)
    }

    func openFile(_ path: String) throws(LedgerError) -> OpenFile { try system.openFile(path) }

    func openFolder(_ path: String) throws(LedgerError) -> OpenFile { try system.openFolder(path) }

    func createFolder(_ path: String) throws(LedgerError) {
        try check("create", path)
        try system.createFolder(path)
    }

    func append(_ bytes: [UInt8], to file: borrowing OpenFile) throws(LedgerError) {
        if fails() {
            try system.append(Array(bytes.prefix(bytes.count / 2)), to: file)
            throw .fileFailed(operation: "write", path: file.path, code: code)
        }
        try system.append(bytes, to: file)
    }

    func truncate(_ file: borrowing OpenFile, to length: Int) throws(LedgerError) {
        try check("truncate", file.path)
        try system.truncate(file, to: length)
    }

    func synchronize(_ file: borrowing OpenFile) throws(LedgerError) {
        try check("sync", file.path)
        try system.synchronize(file)
    }

    func lock(_ file: borrowing OpenFile) throws(LedgerError) -> Bool { try system.lock(file) }

    func contents(of path: String) throws(LedgerError) -> [UInt8]? {
        try system.contents(of: path)
    }

    func rename(_ source: String, to target: String) throws(LedgerError) {
        try check("rename to", target)
        try system.rename(source, to: target)
    }

    func link(_ source: String, as target: String) throws(LedgerError) -> Bool {
        try check("create", target)
        return try system.link(source, as: target)
    }

    func removeFile(_ path: String) throws(LedgerError) {
        try check("remove", path)
        try system.removeFile(path)
    }

    func names(in folder: String) throws(LedgerError) -> [String]? { try system.names(in: folder) }

    func removeFolder(_ path: String) throws(LedgerError) {
        try check("remove", path)
        try system.removeFolder(path)
    }
}
