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
