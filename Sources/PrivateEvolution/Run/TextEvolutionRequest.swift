package import DifferentialPrivacy

/// What one evolution of texts is asked to do, besides its corpus and generator.
package struct TextEvolutionRequest: Sendable {
    /// The run folder.
    package var folder: String
    /// The target.
    package var budget: PrivacyBudget
    /// What to do.
    package var settings: EvolutionSettings
    /// N as a public constant; what was read if nil.
    package var datasetSize: Int?
    /// Whether a run that is there is continued.
    package var resumes: Bool
    /// Where all randomness comes from, for tests: NOT PRIVATE.
    package var insecureSeed: UInt64?
    /// What tells of each run around this one how far its ledger had come.
    package var witness = LedgerWitness.iterations
    /// A file elsewhere that remembers how far ledgers had come.
    package var witnessFile: LedgerWitnessFile?
    /// The largest ε that all runs on the corpus may cost together.
    package var corpusBudget: Double?
    /// Name and version of the product.
    package var product: String

    /// States a request for a new run.
    package init(
        folder: String,
        budget: PrivacyBudget,
        settings: EvolutionSettings,
        product: String
    ) {
        self.folder = folder
        self.budget = budget
        self.settings = settings
        datasetSize = nil
        resumes = false
        insecureSeed = nil
        self.product = product
    }

    /// All that tells of each run how far its ledger had come.
    ///
    /// - Throws: `LedgerError` if the file elsewhere cannot be read.
    func fullWitness() throws(LedgerError) -> LedgerWitness {
        guard let witnessFile else { return witness }
        return witness.and(try witnessFile.witness())
    }

    /// The runs that learned from the same people, if their total allows for this one.
    ///
    /// - Throws: `LedgerError.corpusBudgetExceeded`; what reading other ledgers throws.
    func admittedRuns(with header: LedgerHeader) throws -> CorpusRuns {
        let directory = LedgerDirectory(path: RunFolder(path: folder).parent)
        try witnessFile?.requireRuns(of: directory)
        let runs = try directory.runs(like: header, checkedBy: fullWitness())
        if let corpusBudget { try runs.require(atMost: corpusBudget, with: header, path: folder) }
        return runs
    }
}
