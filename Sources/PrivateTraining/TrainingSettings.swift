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
