public import Messages

/// Why a privacy parameter was refused or a guarantee could not be computed.
///
/// Accounting fails closed: doubt is thrown, or reported as an infinite epsilon, never as a small one.
public enum PrivacyError: Error, Equatable, Sendable {
    /// A parameter lies outside its range; `allowed` says what the range is.
    case parameter(PrivacyParameter, value: Double, allowed: String)
    /// A finite target ε without δ.
    case missingDelta
    /// The accountant has no valid bound for this event.
    case unsupported(accountant: Accountant, reason: String)
    /// A sum or search did not settle; `detail` names the numbers.
    case didNotConverge(what: String, detail: String)
    /// A lower bound of epsilon exceeds an upper one: one of the two accountants is wrong.
    case contradictoryBounds(lower: Double, upper: Double, detail: String)
    /// No noise multiplier reaches the target: `smallest` is the epsilon under very strong noise.
    case unreachableTarget(epsilon: Double, delta: Double, smallest: Double)
}

extension PrivacyError: Explained {
    /// What is wrong, with the value, and what to do about it.
    public var explanation: Message {
        switch self {
        case .parameter(let parameter, let value, let allowed):
            "\(parameter.name) is \(Self.text(value)); it must be \(allowed)."
        case .missingDelta:
            "\(.delta) is missing; it is needed unless \(.epsilon) is inf."
        case .unsupported(let accountant, let reason):
            "the \(accountant.rawValue) accountant cannot bound this: \(reason). "
                + "Use another accountant, such as best."
        case .didNotConverge(let what, let detail):
            "\(what) did not converge (\(detail)), so no epsilon is reported. "
                + "Try another accountant or less extreme parameters."
        case .contradictoryBounds(let lower, let upper, let detail):
            "the lower bound of epsilon, \(lower), exceeds the upper bound, \(upper) (\(detail)). "
                + "One accountant is wrong; do not rely on either, and report this."
        case .unreachableTarget(let epsilon, let delta, let smallest):
            "no noise multiplier gives epsilon \(epsilon) at delta \(delta): even very strong noise "
                + "leaves epsilon \(smallest). Raise epsilon or delta, or spend less on other releases."
        }
    }
}

extension PrivacyError {
    /// Whole numbers without a fraction: many of them are counts.
    private static func text(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }

    /// Throws unless `value` lies in `range` (NaN never does).
    package static func require(
        _ parameter: PrivacyParameter,
        _ value: Double,
        in range: ClosedRange<Double>,
        _ allowed: String
    ) throws(PrivacyError) {
        guard range.contains(value), value.isFinite else {
            throw .parameter(parameter, value: value, allowed: allowed)
        }
    }
}

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
