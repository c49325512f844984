package import DifferentialPrivacy

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
