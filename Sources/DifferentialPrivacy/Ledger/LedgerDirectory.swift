import Cryptography
import Glibc

/// A folder of runs, and what they have spent together.
///
/// Runs on the same records compose, whichever of them is looked at. A copy of this folder, or runs
/// on another machine, cannot be seen from here: that is a stated assumption.
public struct LedgerDirectory: Sendable {
    /// The folder around the runs.
    public let path: String
    private let files: any FileOperations

    /// Names a folder of runs; nothing is read or written.
    public init(path: String) { self.init(path: path, files: SystemFiles()) }

    package init(path: String, files: any FileOperations) {
        self.path = path
        self.files = files
    }

    /// The runs and what their ledgers say, sorted by name; other folders are passed over, and so
    /// are runs that are being made, in which nothing is spent yet.
    ///
    /// - Parameter witness: What else of each run tells how far its ledger had come.
    /// - Returns: Names and ledgers.
    /// - Throws: `LedgerError.broken`, `.doesNotCover` or `.missing` for a run whose ledger is
    ///   damaged, shortened or gone: what it spent is unknown, so the total would be too small;
    ///   `.otherKey` for one that was begun with another key than is here now.
    public func records(
        checkedBy witness: LedgerWitness
    ) throws(LedgerError) -> [(run: String, record: LedgerRecord)] {
        var found: [(run: String, record: LedgerRecord)] = []
        for name in try files.names(in: path) ?? [] where !RunFolder.isStaging(name) {
            let folder = RunFolder(path: path + "/" + name, files: files)
            guard let bytes = try files.contents(of: folder.ledgerPath) else {
                if try folder.isRun() { throw .missing(path: folder.ledgerPath) }
                continue
            }
            let record = try LedgerFile(bytes, path: folder.ledgerPath).record
            try witness.check(record, of: folder)
            found.append((name, record))
        }
        try requireKey(of: found)
        return found
    }

    /// Under another key no corpus here would be recognised.
    private func requireKey(of found: [(run: String, record: LedgerRecord)]) throws(LedgerError) {
        guard let bytes = try files.contents(of: keyPath) else { return }
        let key = try FingerprintKey(fileContents: bytes, path: keyPath).identifier
        for (run, record) in found {
            guard let own = record.header.texts?.key, own != key else { continue }
            throw .otherKey(path: keyPath, run: run)
        }
    }

    /// The runs on a corpus, or on one that overlaps it.
    ///
    /// - Throws: As `records` does; `LedgerError.unusableSecret` if there are ledgers but no key.
    public func runs(
        on corpus: CorpusIdentity,
        checkedBy witness: LedgerWitness
    ) throws(LedgerError) -> CorpusRuns {
        let found = try records(checkedBy: witness)
        var corpora: [CorpusIdentity] = []
        for (run, record) in found {
            let ledger = RunFolder(path: path + "/" + run).ledgerPath
            corpora.append(try identity(of: record.header, ledger: ledger))
        }
        return CorpusRuns(of: found, reading: corpora, on: corpus)
    }

    /// The runs on the corpus of a run of this folder, or on one that overlaps it.
    ///
    /// - Throws: As above.
    public func runs(
        like header: LedgerHeader,
        checkedBy witness: LedgerWitness
    ) throws(LedgerError) -> CorpusRuns {
        try runs(on: identity(of: header, ledger: path), checkedBy: witness)
    }

    /// What a run read, its sketch opened.
    private func identity(
        of header: LedgerHeader,
        ledger: String
    ) throws(LedgerError) -> CorpusIdentity {
        guard let sealed = header.texts else {
            return CorpusIdentity(files: header.corpus, texts: nil)
        }
        guard let bytes = try files.contents(of: keyPath) else {
            throw .unusableSecret(path: keyPath, reason: "there are ledgers but no fingerprint key")
        }
        let key = try FingerprintKey(fileContents: bytes, path: keyPath)
        guard sealed.key == key.identifier else { throw .otherKey(path: keyPath, run: ledger) }
        guard let texts = sealed.open(with: key) else {
            throw .broken(path: ledger, line: 1, reason: "what it says of records cannot be read")
        }
        return CorpusIdentity(files: header.corpus, texts: texts)
    }

    /// The folder's key for fingerprints; nil if no run was ever made here.
    ///
    /// - Throws: `LedgerError.unusableSecret` if there are ledgers but no key: a new key would hide
    ///   that runs share a corpus; `.otherKey` if the key is another one than theirs.
    public func fingerprintKey() throws(LedgerError) -> FingerprintKey? {
        let found = try records(checkedBy: .none)
        if let bytes = try files.contents(of: keyPath) {
            return try FingerprintKey(fileContents: bytes, path: keyPath)
        }
        guard found.isEmpty else {
            throw .unusableSecret(path: keyPath, reason: "there are ledgers but no fingerprint key")
        }
        return nil
    }

    /// Whether its key, if there is one, is of this product; what another tool keeps under that name
    /// says nothing about runs.
    public var mayHaveRuns: Bool {
        guard let bytes = try? files.contents(of: keyPath) else { return true }
        return (try? FingerprintKey(fileContents: bytes, path: keyPath)) != nil
    }

    /// The folder's key for fingerprints, made if no run was ever made here.
    ///
    /// The key is durable under another name before `.key` appears, and appears only if no other
    /// process was faster; then the other one's key is used.
    public func makeFingerprintKey() throws(LedgerError) -> FingerprintKey {
        if let key = try fingerprintKey() { return key }
        let name = [UInt8].random(count: 8).hexadecimal
        let draft = path + "/" + FingerprintKey.fileName + "." + name
        try files.writeNewFile(draft, FingerprintKey.fromSystem().fileContents)
        _ = try files.link(draft, as: keyPath)
        try files.removeFile(draft)
        try files.synchronizeFolder(path)
        guard let key = try fingerprintKey() else { throw .missing(path: keyPath) }
        return key
    }

    private var keyPath: String { path + "/" + FingerprintKey.fileName }
}
