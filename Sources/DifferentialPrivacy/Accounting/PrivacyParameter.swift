import Messages

/// What a plan or an accountant is told; each has the name that the field knows it by.
public enum PrivacyParameter: String, CaseIterable, Sendable {
    /// ε.
    case epsilon
    /// δ.
    case delta
    /// σ, the noise's standard deviation in units of the sensitivity.
    case noiseMultiplier = "noise multiplier"
    /// C, the bound on a unit's gradient norm.
    case maxGradNorm = "clipping norm"
    /// q, the probability that a unit joins a step.
    case samplingProbability = "sampling probability"
    /// B, the expected batch size.
    case expectedBatchSize = "expected batch size"
    /// T, the number of steps.
    case steps = "the number of steps"
    /// How often a unit is expected to be used.
    case epochs = "the number of epochs"
    /// N, the number of units.
    case unitCount = "the number of units"
    /// The order of a Rényi divergence.
    case order = "Rényi order"
    /// How many units a group has.
    case groupSize = "group size"
    /// η, what a choice's privacy losses span.
    case range = "range of privacy losses"
}

extension PrivacyParameter {
    /// The setting that it is; its plain name where it is none.
    var name: Message {
        switch self {
        case .epsilon: Message(.epsilon)
        case .delta: Message(.delta)
        case .noiseMultiplier: Message(.noiseMultiplier)
        case .maxGradNorm: Message(.maxGradNorm)
        case .samplingProbability: Message(.samplingProbability)
        case .expectedBatchSize: Message(.batchSize)
        case .steps: Message(.steps)
        case .epochs: Message(.epochs)
        case .unitCount, .order, .groupSize, .range: Message(rawValue)
        }
    }
}
