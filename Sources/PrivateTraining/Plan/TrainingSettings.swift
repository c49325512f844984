public import Training

/// The settings of a training run other than its privacy plan: all public, all fixed beforehand.
public struct TrainingSettings: Codable, Sendable, Equatable {
    /// Peak learning rate of AdamW.
    public var learningRate: Double
    /// How the learning rate moves over the run.
    public var schedule: LearningRateSchedule
    /// Share of the run spent warming up, in [0, 1).
    public var warmup: Double
    /// Whether the warm-up counts the step to come, so that the first one learns; nil in runs that
    /// began before it could, which go on as they began.
    public var warmupCountsStep: Bool?
    /// AdamW's constants.
    public var optimizer: AdamWSettings
    /// Longest training sequence in tokens, labels and end-of-text included.
    public var sequenceLength: Int
    /// Privacy units processed at a time; a speed and memory knob only.
    public var microBatchSize: Int?
    /// Rank of the low-rank adapters; nil trains every parameter.
    public var loraRank: Int?

    private enum CodingKeys: String, CodingKey {
        case schedule, warmup, optimizer
        case learningRate = "learning_rate"
        case warmupCountsStep = "warmup_counts_step"
        case sequenceLength = "sequence_length"
        case microBatchSize = "micro_batch_size"
        case loraRank = "lora_rank"
    }

    /// Creates settings.
    public init(
        learningRate: Double,
        schedule: LearningRateSchedule,
        warmup: Double,
        warmupCountsStep: Bool? = true,
        optimizer: AdamWSettings,
        sequenceLength: Int,
        microBatchSize: Int? = nil,
        loraRank: Int? = nil
    ) {
        self.learningRate = learningRate
        self.schedule = schedule
        self.warmup = warmup
        self.warmupCountsStep = warmupCountsStep
        self.optimizer = optimizer
        self.sequenceLength = sequenceLength
        self.microBatchSize = microBatchSize
        self.loraRank = loraRank
    }

    /// The learning rate of step number `step`, from 0 on, of a run of `steps`.
    func learningRate(ofStep step: Int, of steps: Int) -> Double {
        learningRate
            * schedule.factor(
                progress: Double(step) / Double(steps),
                warmup: warmup,
                step: warmupCountsStep == true ? 1 / Double(steps) : 0
            )
    }
}

/// Settings that work, by number of units and privacy budget: what is used where nothing is said.
///
/// Measured by the classifier that texts of the model teach (`experiments/goemotions`), a twentieth of
/// the corpus a batch and 8 passes:
///
/// | N        | ε | rate 5e-3 | rate 2.5e-3 |
/// | 40,030   | 8 | .534      |             |
/// | 40,030   | 4 | .528      |             |
/// | 40,030   | 1 |           | .499        |
/// | 10,000   | 8 | .503      |             |
/// | 10,000   | 4 |           | .500        |
/// | 10,000   | 1 | .462      | .488        |
/// | 5,000    | 8 | .464      | .492        |
/// | 5,000    | 4 |           | .486        |
/// | 5,000    | 1 |           | .478        |
///
/// So the rate falls where the noise is large for the signal, about as 1/(ε·N). At a fixed ε larger
/// batches have less noise and fewer steps, which labels need: on 20,000 made-up messages at ε = 8 a
/// twentieth did better than a tenth or a fortieth.
package struct Recipe: Sendable, Equatable {
    /// What a recipe rests on.
    package enum Evidence: String, Sendable {
        /// A run with about as many units and such an ε (`MeasuredRun.isNear`), on whatever records.
        case measured
        /// Fewer or more units, or another ε.
        case extrapolated
    }

    /// Passes over the corpus.
    package let epochs: Double
    /// B, the expected batch size.
    package let batchSize: Int
    /// Peak learning rate.
    package let learningRate: Double
    /// C.
    package let maxGradNorm: Double
    /// Whether such a corpus and budget were tried.
    package let evidence: Evidence

    /// The recipe for a target ε and a number of units, at least 1.
    ///
    /// Adapters take twice the learning rate: they have fewer coordinates to disturb.
    package init(unitCount: Int, epsilon: Double, hasAdapters: Bool = false) {
        precondition(unitCount >= 1, "unitCount is \(unitCount); it must be at least 1")
        maxGradNorm = 1
        guard epsilon.isFinite else {
            epochs = 3
            batchSize = min(64, unitCount)
            learningRate = 1e-3
            evidence = Self.evidence(unitCount, epsilon, hasAdapters)
            return
        }
        epochs = 8
        batchSize = max(unitCount / 20, 1)
        let isQuiet = epsilon * Double(unitCount) >= 60_000
        learningRate = (hasAdapters ? 2 : 1) * (isQuiet ? 5e-3 : 2.5e-3)
        evidence = Self.evidence(unitCount, epsilon, hasAdapters)
    }

    /// Whether a run of about that size and budget was measured, on whatever records.
    private static func evidence(
        _ unitCount: Int,
        _ epsilon: Double,
        _ hasAdapters: Bool
    ) -> Evidence {
        MeasuredRun.all.contains {
            $0.isNear(unitCount: unitCount, epsilon: epsilon, hasAdapters: hasAdapters)
        } ? .measured : .extrapolated
    }
}
