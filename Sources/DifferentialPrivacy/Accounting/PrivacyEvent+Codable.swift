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
