import Glibc

/// A folder of runs, and what they have spent together.
///
/// Runs on the same corpus compose, whichever of them is looked at. A copy of this folder, or runs
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
    ///   damaged, shortened or gone: what it spent is unknown, so the total would be too small.
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
        return found
    }

    /// The runs on a corpus that shares a file with `corpus`.
    public func records(
        on corpus: CorpusFingerprint,
        checkedBy witness: LedgerWitness
    ) throws(LedgerError) -> [(run: String, record: LedgerRecord)] {
        try records(checkedBy: witness).filter {
            $0.record.header.corpus.sharesCorpus(with: corpus)
        }
    }

    /// What all runs on the same corpus cost together, counted in units of `unit`.
    ///
    /// Users are taken to be the same people in every run, whatever the column that names them.
    public func spending(
        on corpus: CorpusFingerprint,
        by unit: PrivacyUnit,
        checkedBy witness: LedgerWitness
    ) throws(LedgerError) -> PrivacySpending {
        var total = PrivacySpending()
        for (_, record) in try records(on: corpus, checkedBy: witness) {
            total.merge(record.spending(by: unit))
        }
        return total
    }

    /// The folder's key for fingerprints; nil if no run was ever made here.
    ///
    /// - Throws: `LedgerError.unusableSecret` if there are ledgers but no key: a new key would hide
    ///   that runs share a corpus.
    public func fingerprintKey() throws(LedgerError) -> FingerprintKey? {
        if let bytes = try files.contents(of: keyPath) {
            return try FingerprintKey(fileContents: bytes, path: keyPath)
        }
        guard try records(checkedBy: .none).isEmpty else {
            throw .unusableSecret(path: keyPath, reason: "there are ledgers but no fingerprint key")
        }
        return nil
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
