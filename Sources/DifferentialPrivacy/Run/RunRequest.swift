/// What is asked about the life of a run, whatever its method: where it is, whether it goes on, and what
/// watches over its spending.
public struct RunRequest: Sendable {
    /// The run folder; no slash at its end.
    public var folder: String { didSet { folder = RunFolder(path: folder).path } }
    /// Name and version of the product, for the ledger.
    public var product: String
    /// Whether a run that is there is continued.
    public var resumes = false
    /// A seed for tests; the run is then NOT PRIVATE.
    public var insecureSeed: UInt64?
    /// What tells of each run around this one how far its ledger had come.
    public var witness: LedgerWitness
    /// A file elsewhere that remembers how far ledgers had come.
    public var witnessFile: LedgerWitnessFile?
    /// The largest ε that all runs on the corpus may cost together.
    public var corpusBudget: Double?

    /// A request for a new run.
    public init(folder: String, product: String, witness: LedgerWitness) {
        self.folder = RunFolder(path: folder).path
        self.product = product
        self.witness = witness
    }

    /// The folder of runs around this one.
    public var directory: LedgerDirectory {
        LedgerDirectory(path: RunFolder(path: folder).parent)
    }

    /// True if the run is to begin, false if it is there and goes on.
    ///
    /// - Throws: `LedgerError.alreadyExists` for a folder that is there without `resumes`, `.hiddenName`.
    public func isForNewRun() throws -> Bool {
        let run = RunFolder(path: folder)
        try run.requireVisibleName()
        let isVacant = try run.isVacant()
        guard isVacant || resumes else { throw LedgerError.alreadyExists(path: folder) }
        return isVacant
    }

    /// Where the randomness of a new run comes from, and its name in every ledger.
    public func identity() -> RunIdentity {
        let secret = insecureSeed.map(RunSecret.insecure) ?? .fromSystem()
        return RunIdentity(secret: secret, name: secret.makeRunIdentifier())
    }

    /// All that tells of each run how far its ledger had come.
    ///
    /// - Throws: `LedgerError` if the file elsewhere cannot be read.
    public func fullWitness() throws -> LedgerWitness {
        guard let witnessFile else { return witness }
        return witness.and(try witnessFile.witness())
    }

    /// The runs that learned from the same people.
    ///
    /// - Throws: `LedgerError` for any run here whose ledger is damaged, shortened or gone.
    public func runs(like header: LedgerHeader) throws -> CorpusRuns {
        try directory.runs(like: header, checkedBy: fullWitness())
    }

    /// The runs that learned from the same people, if their total allows for this one.
    ///
    /// - Throws: `LedgerError.corpusBudgetExceeded`, `.missing` for a run that the file elsewhere
    ///   remembers; what reading other ledgers throws.
    func admittedRuns(with header: LedgerHeader) throws -> CorpusRuns {
        try witnessFile?.requireRuns(of: directory)
        let runs = try runs(like: header)
        if let corpusBudget { try runs.require(atMost: corpusBudget, with: header, path: folder) }
        return runs
    }
}

/// A new run's secret, and its name in every ledger.
public struct RunIdentity: Sendable {
    /// Where its randomness comes from.
    public let secret: RunSecret
    /// 32 hexadecimal digits.
    public let name: String
}
