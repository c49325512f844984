package import DifferentialPrivacy

/// What a run of `finetune` reports; everything in it is public.
package struct FineTuningOutcome: Sendable {
    /// Whether nothing is left to do: all T steps are done, or the target allows for no more.
    package let isFinished: Bool
    /// True for ε = ∞ and for seeded runs: NOT PRIVATE.
    package let notPrivate: Bool
    /// What the ledger has recorded costs, at the plan's δ.
    package let epsilon: Double
    /// Which accountant's bound that is; nil without a guarantee.
    package let accountant: Accountant?
    /// ε of all runs beside this one on the same corpus, at the plan's δ.
    package let corpusEpsilon: Double
    /// The plan.
    package let plan: PrivacyPlan
    /// Steps done.
    package let stepsDone: Int
    /// Steps of the label probe that led to the one beside the checkpoint; nil without one in the plan.
    package let labelProbeSteps: Int?
    /// True if the target refused this process a step, as steps had been computed again otherwise.
    package let isStoppedByTarget: Bool
    /// The newest checkpoint.
    package let checkpoint: String
    /// Seconds of training in this process.
    package let seconds: Double
    /// Expected batch × sequence length × steps of this process over seconds.
    package let tokensPerSecond: Double
    /// Facts that the user must know, such as what is treated as public.
    package let notes: [String]
}
