/// The settings of a training run other than its privacy plan: all public, all fixed beforehand.
public struct TrainingSettings: Codable, Sendable, Equatable {
    /// Peak learning rate of AdamW.
    public var learningRate: Double
    /// How the learning rate moves over the run.
    public var schedule: LearningRateSchedule
    /// Share of the run spent warming up, in [0, 1).
    public var warmup: Double
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
        case sequenceLength = "sequence_length"
        case microBatchSize = "micro_batch_size"
        case loraRank = "lora_rank"
    }

    /// Creates settings.
    public init(
        learningRate: Double,
        schedule: LearningRateSchedule,
        warmup: Double,
        optimizer: AdamWSettings,
        sequenceLength: Int,
        microBatchSize: Int? = nil,
        loraRank: Int? = nil
    ) {
        self.learningRate = learningRate
        self.schedule = schedule
        self.warmup = warmup
        self.optimizer = optimizer
        self.sequenceLength = sequenceLength
        self.microBatchSize = microBatchSize
        self.loraRank = loraRank
    }
}

/// The constants of AdamW (Loshchilov & Hutter 2019, arXiv:1711.05101).
public struct AdamWSettings: Codable, Sendable, Equatable {
    /// Decay of the first moment, in [0, 1).
    public var beta1: Double
    /// Decay of the second moment, in [0, 1).
    public var beta2: Double
    /// Added to the root of the second moment.
    public var epsilon: Double
    /// Decoupled weight decay per unit of learning rate.
    public var weightDecay: Double
    /// Released gradients with a larger L2 norm are scaled down to it; nil leaves them alone.
    public var maxUpdateNorm: Double?

    private enum CodingKeys: String, CodingKey {
        case beta1, beta2, epsilon
        case weightDecay = "weight_decay"
        case maxUpdateNorm = "max_update_norm"
    }

    /// Creates the constants; the defaults suit DP-SGD, where decay only adds bias.
    public init(
        beta1: Double = 0.9,
        beta2: Double = 0.99,
        epsilon: Double = 1e-8,
        weightDecay: Double = 0,
        maxUpdateNorm: Double? = nil
    ) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.maxUpdateNorm = maxUpdateNorm
    }
}
