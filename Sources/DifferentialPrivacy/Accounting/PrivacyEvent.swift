/// What was, or will be, done with the private corpus, as far as the guarantee depends on it.
///
/// A value: plans make it, the ledger stores it, accountants read it. Noise multipliers are the
/// noise's standard deviation divided by the L2 sensitivity of the released vector.
public indirect enum PrivacyEvent: Equatable, Sendable {
    /// One release with Gaussian noise of the given multiplier, at least 0.
    case gaussian(noiseMultiplier: Double)
    /// One choice whose probabilities' logarithms move by amounts that span at most `range`, in nats.
    ///
    /// The exponential mechanism is one: see `ExponentialMechanism`. At least 0.
    case exponential(range: Double)
    /// An event run on a sample that each unit joins independently with `probability`.
    case poissonSampled(probability: Double, PrivacyEvent)
    /// The same event `count` times, with fresh randomness each time.
    case repeated(PrivacyEvent, count: Int)
    /// Several events on the same corpus, in any order, later ones possibly chosen by earlier results.
    case composed([PrivacyEvent])
    /// A release without any guarantee: epsilon is infinite.
    case nonPrivate
}

extension PrivacyEvent {
    /// A DP-SGD training: `steps` Poisson-subsampled Gaussians.
    ///
    /// - `noiseMultiplier`: Noise over clipping norm.
    /// - `samplingProbability`: The chance of each unit to join each step, in [0, 1].
    /// - `steps`: The number of steps, at least 0.
    /// - Result: The event, not yet validated; the accountants do that.
    public static func training(
        noiseMultiplier: Double,
        samplingProbability: Double,
        steps: Int
    ) -> PrivacyEvent {
        .repeated(
            .poissonSampled(
                probability: samplingProbability,
                .gaussian(noiseMultiplier: noiseMultiplier)
            ),
            count: steps
        )
    }

    /// `count` choices of the same range, each free to depend on those before, such as a text's tokens.
    public static func exponentials(range: Double, count: Int) -> PrivacyEvent {
        .repeated(.exponential(range: range), count: count)
    }

    /// `count` Gaussian releases without subsampling, such as the votes of Private Evolution.
    public static func gaussians(noiseMultiplier: Double, count: Int) -> PrivacyEvent {
        .repeated(.gaussian(noiseMultiplier: noiseMultiplier), count: count)
    }
}

extension PrivacyEvent: Codable {
    private enum Kind: String, Codable {
        case gaussian
        case exponential
        case poissonSampled = "poisson_sampled"
        case repeated
        case composed
        case nonPrivate = "non_private"
    }

    private enum Key: String, CodingKey {
        case kind, event, events, probability, count, range
        case noiseMultiplier = "noise_multiplier"
    }

    /// Writes `{"kind": …}` with the fields of that kind: `noise_multiplier`, `probability`, `count`, `range`,
    /// `event`, `events`.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        switch self {
        case .gaussian(let noiseMultiplier):
            try fields.encode(Kind.gaussian, forKey: .kind)
            try fields.encode(noiseMultiplier, forKey: .noiseMultiplier)
        case .exponential(let range):
            try fields.encode(Kind.exponential, forKey: .kind)
            try fields.encode(range, forKey: .range)
        case .poissonSampled(let probability, let event):
            try fields.encode(Kind.poissonSampled, forKey: .kind)
            try fields.encode(probability, forKey: .probability)
            try fields.encode(event, forKey: .event)
        case .repeated(let event, let count):
            try fields.encode(Kind.repeated, forKey: .kind)
            try fields.encode(count, forKey: .count)
            try fields.encode(event, forKey: .event)
        case .composed(let events):
            try fields.encode(Kind.composed, forKey: .kind)
            try fields.encode(events, forKey: .events)
        case .nonPrivate:
            try fields.encode(Kind.nonPrivate, forKey: .kind)
        }
    }

    /// Reads what `encode` wrote; an unknown kind is an error, never an empty event.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        switch try fields.decode(Kind.self, forKey: .kind) {
        case .gaussian:
            self = .gaussian(
                noiseMultiplier: try fields.decode(Double.self, forKey: .noiseMultiplier)
            )
        case .exponential:
            self = .exponential(range: try fields.decode(Double.self, forKey: .range))
        case .poissonSampled:
            self = .poissonSampled(
                probability: try fields.decode(Double.self, forKey: .probability),
                try fields.decode(PrivacyEvent.self, forKey: .event)
            )
        case .repeated:
            self = .repeated(
                try fields.decode(PrivacyEvent.self, forKey: .event),
                count: try fields.decode(Int.self, forKey: .count)
            )
        case .composed:
            self = .composed(try fields.decode([PrivacyEvent].self, forKey: .events))
        case .nonPrivate:
            self = .nonPrivate
        }
    }
}
