/// One line of a ledger.
///
/// | kind        | says                                                          |
/// | header      | whose data, under which promise; first line only              |
/// | step        | a training step was reserved: from now on it counts as spent  |
/// | release     | another release (label counts, votes) was reserved            |
/// | diagnostics | private figures are written beside the run from now on        |
/// | completion  | the last step is durable; nothing follows                     |
public enum LedgerEntry: Equatable, Sendable {
    /// The first line.
    case header(LedgerHeader)
    /// A training step.
    case step(StepReservation)
    /// Any other release.
    case release(ReleaseReservation)
    /// Private diagnostics were asked for; they have no guarantee and stay with the curator.
    case diagnostics
    /// The last line.
    case completion(steps: Int)

    /// A reserved training step.
    public struct StepReservation: Codable, Equatable, Sendable {
        /// The step's number, from 0.
        public let step: Int
        /// q.
        public let samplingProbability: Double
        /// σ; 0 if the run is not private.
        public let noiseMultiplier: Double
        /// C, if gradients are clipped.
        public let maxGradNorm: Double?
        /// Names key and inputs; the same digest again is the same release.
        public let key: ContentDigest

        /// What the step costs.
        public var event: PrivacyEvent {
            guard noiseMultiplier > 0 else { return .nonPrivate }
            return .poissonSampled(
                probability: samplingProbability,
                .gaussian(noiseMultiplier: noiseMultiplier)
            )
        }

        private enum CodingKeys: String, CodingKey {
            case step, key
            case samplingProbability = "sampling_probability"
            case noiseMultiplier = "noise_multiplier"
            case maxGradNorm = "max_grad_norm"
        }
    }

    /// Any other reserved release.
    public struct ReleaseReservation: Codable, Equatable, Sendable {
        /// What is released, such as "label-counts" or "votes 3"; public.
        public let name: String
        /// What it costs.
        public let event: PrivacyEvent
        /// Names key and inputs; the same digest again is the same release.
        public let key: ContentDigest
    }

    /// Key digest and cost, if the entry spends anything.
    var spending: (key: ContentDigest, event: PrivacyEvent)? {
        switch self {
        case .step(let step): (step.key, step.event)
        case .release(let release): (release.key, release.event)
        case .header, .diagnostics, .completion: nil
        }
    }
}

extension LedgerEntry: Codable {
    private enum CodingKeys: CodingKey { case kind, steps }
    private enum Kind: String, Codable { case header, step, release, diagnostics, completion }

    /// Decodes by `kind`, and checks what the accountant will rely on.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        switch try values.decode(Kind.self, forKey: .kind) {
        case .header: self = .header(try LedgerHeader(from: decoder))
        case .step:
            let step = try StepReservation(from: decoder)
            guard step.step >= 0, step.noiseMultiplier >= 0, step.noiseMultiplier.isFinite,
                step.samplingProbability > 0, step.samplingProbability <= 1
            else {
                throw DecodingError.dataCorruptedError(
                    forKey: .kind,
                    in: values,
                    debugDescription: "a step out of range"
                )
            }
            self = .step(step)
        case .release: self = .release(try ReleaseReservation(from: decoder))
        case .diagnostics: self = .diagnostics
        case .completion: self = .completion(steps: try values.decode(Int.self, forKey: .steps))
        }
    }

    /// Encodes the fields beside a `kind`.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .header(let header):
            try values.encode(Kind.header, forKey: .kind)
            try header.encode(to: encoder)
        case .step(let step):
            try values.encode(Kind.step, forKey: .kind)
            try step.encode(to: encoder)
        case .release(let release):
            try values.encode(Kind.release, forKey: .kind)
            try release.encode(to: encoder)
        case .diagnostics: try values.encode(Kind.diagnostics, forKey: .kind)
        case .completion(let steps):
            try values.encode(Kind.completion, forKey: .kind)
            try values.encode(steps, forKey: .steps)
        }
    }
}
