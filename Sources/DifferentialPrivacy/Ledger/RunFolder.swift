import Glibc

/// The folder of one run, as far as privacy depends on it: secret, ledger, and how both appear.
///
/// It is made complete under another name and appears by one rename, so there is no moment at
/// which a run exists without its secret and its ledger.
public struct RunFolder: Sendable {
    static let ledgerName = "ledger.jsonl"
    static let secretName = "secret"
    /// Files that only a run has: a folder with one of them must have a ledger.
    private static let ownFiles = [ledgerName, secretName, "run.json"]

    /// Where the run is, or will be.
    public let path: String
    let files: any FileOperations

    /// Names a run folder; nothing is read or written.
    public init(path: String) { self.init(path: path, files: SystemFiles()) }

    package init(path: String, files: any FileOperations) {
        let whole = path.utf8.last == UInt8(ascii: "/") && path.utf8.count > 1
        self.path = whole ? String(path.dropLast()) : path
        self.files = files
    }

    package var ledgerPath: String { path + "/" + Self.ledgerName }
    var secretPath: String { path + "/" + Self.secretName }

    /// Whether there is a run, complete or damaged; false for what is no folder.
    package func isRun() throws(LedgerError) -> Bool {
        do throws(LedgerError) {
            return try !Set(files.names(in: path) ?? []).isDisjoint(with: Self.ownFiles)
        } catch .fileFailed(_, _, ENOTDIR) {
            return false
        }
    }

    /// The folder around it.
    public var parent: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Where it is put together; only one process does that in a folder at a time.
    var stagingPath: String {
        let name = path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
        return parent + "/." + name + ".creating"
    }

    /// True if nothing of the run is there: no folder, or an empty one.
    public func isVacant() throws(LedgerError) -> Bool {
        do throws(LedgerError) {
            return try files.names(in: path)?.isEmpty ?? true
        } catch .fileFailed(_, _, ENOTDIR) {
            return false
        }
    }

    /// Reads and checks the ledger without changing anything; nil if the run is not there.
    ///
    /// - Throws: `LedgerError.missing` if there is a run but no ledger.
    public func record() throws(LedgerError) -> LedgerRecord? {
        guard try !isVacant() else { return nil }
        guard let bytes = try files.contents(of: ledgerPath) else {
            throw .missing(path: ledgerPath)
        }
        return try LedgerFile(bytes, path: ledgerPath).record
    }
}
