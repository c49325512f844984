public import Messages

/// Why a training run cannot start or go on.
public enum TrainingError: Equatable, Explained {
    /// The output folder is there already and not empty.
    case outputExists(path: String)
    /// The output folder cannot be made.
    case cannotCreate(path: String, reason: String)
    /// Settings that contradict each other, the model or the corpus.
    case badConfiguration(problem: Message)
    /// A file of the run does not say what it must.
    case damagedRun(path: String, problem: String)
    /// A model that was trained on private text, where only a public one will do.
    case privateBase(path: String, setting: Setting, origin: String)
    /// A run that has steps left, where only a finished one will do.
    case unfinished(path: String)
    /// Every usable record was dropped.
    case noUsableRecord
    /// The target cannot be met.
    case epsilonExceeded(epsilon: Double, target: Double)

    /// What, where, and what to do.
    public var explanation: Message {
        switch self {
        case .outputExists(let path):
            "\(path) exists and is not empty. Choose another \(.output), or continue it with \(.resume)."
        case .cannotCreate(let path, let reason):
            "cannot create \(path): \(reason). Choose another \(.output)."
        case .badConfiguration(let problem):
            problem
        case .damagedRun(let path, let problem):
            "\(path): \(problem). Restore it from a copy, or start a new run."
        case .unfinished(let path):
            "\(path) is not finished: its epsilon is promised for all of its steps, and its secret"
                + " still exists. Finish it with \(.resume)."
        case .privateBase(let path, let setting, let origin):
            "\(setting) \(path) is \(origin): it was trained on private text, whose cost would come on"
                + " top and be counted nowhere. Name a public model; to train longer, begin a run"
                + " with more \(.epochs)."
        case .noUsableRecord:
            "no record can be used: each was dropped. Run `dpscribe lint` for the reasons."
        case .epsilonExceeded(let epsilon, let target):
            "this plan spends epsilon \(epsilon), above the target \(target). Raise"
                + " \(.noiseMultiplier) or \(.epsilon), or train for fewer epochs."
        }
    }
}

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
    public let activity: Activity
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

    /// Says how far a run has come.
    package init(
        activity: Activity = .training,
        step: Int,
        steps: Int?,
        epsilon: Double,
        epsilonStep: Int,
        tokensPerSecond: Double,
        secondsLeft: Double,
        heldOutLoss: Double? = nil
    ) {
        self.activity = activity
        self.step = step
        self.steps = steps
        self.epsilon = epsilon
        self.epsilonStep = epsilonStep
        self.tokensPerSecond = tokensPerSecond
        self.secondsLeft = secondsLeft
        self.heldOutLoss = heldOutLoss
    }
}

/// The version that `--version` prints and that every run records.
package enum ProductVersion {
    /// Semantic version of this build.
    package static let current = "0.1.0"
}
