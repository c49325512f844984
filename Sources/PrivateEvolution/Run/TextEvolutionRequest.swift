package import DifferentialPrivacy

/// What one evolution of texts is asked to do, besides its corpus and generator.
package struct TextEvolutionRequest: Sendable {
    /// Where the run is, whether it goes on, and what watches over its spending.
    package var run: RunRequest
    /// The target.
    package var budget: PrivacyBudget
    /// What to do.
    package var settings: EvolutionSettings
    /// N as a public constant; what was read if nil.
    package var datasetSize: Int?

    /// States a request.
    package init(
        _ run: RunRequest,
        budget: PrivacyBudget,
        settings: EvolutionSettings,
        datasetSize: Int? = nil
    ) {
        self.run = run
        self.budget = budget
        self.settings = settings
        self.datasetSize = datasetSize
    }
}

/// What a finished evolution reports; everything in it is public.
package struct TextEvolutionOutcome: Sendable {
    /// The plan.
    package let plan: EvolutionPlan
    /// What was spent, by the ledger; ε = ∞ at δ = 0 if nothing is promised.
    package let guarantee: PrivacyGuarantee
    /// ε of all runs beside this one on the same corpus, at the plan's δ.
    package let corpusEpsilon: Double
    /// True for ε = ∞ and for seeded runs.
    package let notPrivate: Bool
    /// The file of texts.
    package let output: String
}
