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
}
