/// What a training run may tell the world after a step: public quantities only.
public struct TrainingProgress: Sendable, Equatable {
    /// What the steps are of.
    public enum Activity: Sendable {
        /// The model's training.
        case training
        /// The label probe's: a fixed number of readings of the corpus, then its steps.
        case labelProbe
    }

    /// What the steps are of.
    public var activity = Activity.training
    /// Steps done.
    public let step: Int
    /// Steps planned; nil where time ends the run.
    public let steps: Int?
    /// The ledger's ε after `epsilonStep` steps; infinite for public and non-private training.
    public let epsilon: Double
    /// The step that ε was last computed after, at most `step`.
    public let epsilonStep: Int
    /// Expected batch × sequence length × steps over seconds, so that no private size shows.
    public let tokensPerSecond: Double
    /// Seconds until the end at the present speed.
    public let secondsLeft: Double
    /// Mean loss on held-out public text, nats per token; only `pretrain` has one.
    public let heldOutLoss: Double?
}
