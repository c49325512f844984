import Glibc

/// The folder of one run, as far as privacy depends on it: secret, ledger, and how both appear.
///
/// It is made complete under another name and appears by one rename, so there is no moment at
/// which a run exists without its secret and its ledger.
public struct RunFolder: Sendable {
    static let ledgerName = "ledger.jsonl"
    package static let secretName = "secret"
    /// Files that only a run has: a folder with one of them must have a ledger.
    private static let ownFiles =
        [ledgerName, secretName] + RunMethod.allCases.map(\.descriptionName)

    /// Where the run is, or will be.
    public let path: String
    let files: any FileOperations

    /// Names a run folder; nothing is read or written.
    public init(path: String) { self.init(path: path, files: SystemFiles()) }

    package init(path: String, files: any FileOperations) {
        var path = path
        while path.utf8.last == UInt8(ascii: "/"), path.utf8.count > 1 { path.removeLast() }
        self.path = path
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
    var stagingPath: String { parent + "/." + name + Self.stagingEnding }

    /// True for the name of a folder in which a run is put together, or was when its process died.
    static func isStaging(_ name: String) -> Bool {
        name.utf8.starts(with: ".".utf8) && name.hasSuffix(stagingEnding)
    }

    private static let stagingEnding = ".creating"

    /// The last part of its path.
    var name: Substring {
        path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
    }

    /// Refuses a name that begins with a dot.
    ///
    /// Such a folder escapes whoever lists, copies or adds up the runs around it.
    ///
    /// - Throws: `LedgerError.hiddenName`.
    package func requireVisibleName() throws(LedgerError) {
        guard !name.utf8.starts(with: ".".utf8) else { throw .hiddenName(path: path) }
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
    /// - Parameter witness: What else of the run tells how far its ledger had come.
    /// - Returns: What the ledger says; nil without a run.
    /// - Throws: `LedgerError.missing` if there is a run but no ledger, `.broken` or `.doesNotCover`
    ///   if it was edited, damaged or shortened.
    public func record(checkedBy witness: LedgerWitness) throws(LedgerError) -> LedgerRecord? {
        guard try !isVacant() else { return nil }
        guard let bytes = try files.contents(of: ledgerPath) else {
            throw .missing(path: ledgerPath)
        }
        let record = try LedgerFile(bytes, path: ledgerPath).record
        try witness.check(record, of: self)
        return record
    }
}
