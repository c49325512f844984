/// The file of a run that states everything public that is fixed before its first release.
///
/// The ledger's first line holds its digest, so that it cannot be edited afterwards. `RunLife` writes it
/// when a run begins and holds it to the ledger whenever the run is read.
public protocol RunDescribing: Equatable, Sendable {
    /// How the corpus is used; it also says what the file is called.
    static var method: RunMethod { get }
    /// What the ledger's first line promises.
    var promise: LedgerPromise { get }
    /// Tokens of a record that are used; nil where records are not cut.
    var truncationTokens: Int? { get }

    /// The file's bytes.
    func fileContents() throws -> [UInt8]

    /// Reads what `fileContents` gave.
    ///
    /// - Throws: `RunError.damagedDescription`.
    init(fileContents bytes: [UInt8], path: String) throws

    /// How the corpus was sampled, clipped and noised, for the manifest of what the run releases.
    func mechanism(_ record: LedgerRecord) throws(PrivacyError) -> PrivacyManifest.Mechanism
}

extension RunDescribing {
    /// The file's name in the run folder.
    public static var fileName: String { method.descriptionName }

    /// What the run in a folder was begun with; nil for a plain folder and for runs of other methods.
    ///
    /// - Parameters:
    ///   - folder: A folder of any kind.
    ///   - witness: What else of the run tells how far its ledger had come.
    /// - Returns: The description, byte for byte the one that the ledger knows.
    /// - Throws: `LedgerError`, `RunError.damagedDescription`.
    public static func read(
        from folder: String,
        checkedBy witness: LedgerWitness
    ) throws -> Self? {
        let run = RunFolder(path: folder)
        // Asked before, as a folder without a ledger may be a plain model.
        guard try run.isRun(), let record = try run.record(checkedBy: witness),
            record.header.method == method
        else { return nil }
        return try read(from: folder, of: record.header)
    }

    /// What the run with that ledger was begun with, byte for byte.
    ///
    /// - Throws: `LedgerError.otherDescription` if the file was edited or replaced,
    ///   `RunError.damagedDescription` if it is missing.
    public static func read(from folder: String, of header: LedgerHeader) throws -> Self {
        let path = folder + "/" + fileName
        guard let bytes = try SystemFiles().contents(of: path) else {
            throw RunError.damagedDescription(path: path, problem: "it is missing")
        }
        guard ContentDigest(ofContents: bytes) == header.description else {
            throw LedgerError.otherDescription(path: path)
        }
        // What was compared is what is read.
        let description = try Self(fileContents: bytes, path: path)
        guard header.method == method, description.promise == LedgerPromise(header) else {
            throw LedgerError.otherDescription(path: path)
        }
        return description
    }
}

extension PrivacyManifest {
    /// States what a run's ledger and description say.
    ///
    /// - Parameters:
    ///   - description: What the run was begun with.
    ///   - record: Its ledger.
    ///   - runs: All ledgers on the same corpus, this one among them.
    /// - Throws: `PrivacyError` if ε cannot be bounded.
    public init<Description: RunDescribing>(
        of description: Description,
        record: LedgerRecord,
        runs: [LedgerRecord]
    ) throws(PrivacyError) {
        try self.init(
            record: record,
            runs: runs,
            protection: Protection(
                of: Description.method,
                unit: record.header.unit,
                relation: record.header.relation,
                truncationTokens: description.truncationTokens
            ),
            mechanism: description.mechanism(record)
        )
    }
}
