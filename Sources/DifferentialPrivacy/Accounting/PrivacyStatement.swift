/// The figures that a privacy report states beside epsilon, all computed from the event.
public struct PrivacyStatement: Codable, Equatable, Sendable {
    /// Epsilon at the delta of the report.
    public let guarantee: PrivacyGuarantee
    /// Epsilon at other deltas, each with its accountant.
    public let profile: [PrivacyGuarantee]
    /// Epsilon if every step had used the whole corpus: what holds without trust in the sampling.
    public let withoutAmplification: PrivacyGuarantee
    /// Epsilon for groups of 2, 5 and 10 units, keyed by the size.
    public let groups: [Int: PrivacyGuarantee]
    /// μ of Gaussian differential privacy; nil with subsampling or choices, which have none exactly.
    public let gaussianMu: Double?

    /// Deltas of the profile.
    public static let profileDeltas = [1e-5, 1e-6, 1e-7, 1e-8, 1e-9]
    /// Sizes of the groups.
    public static let groupSizes = [2, 5, 10]

    private enum CodingKeys: String, CodingKey {
        case guarantee, profile, groups
        case withoutAmplification = "without_amplification"
        case gaussianMu = "gaussian_mu"
    }

    /// Computes every figure; a few seconds for long trainings.
    public init(
        of event: PrivacyEvent,
        delta: Double,
        accountant: Accountant = .best
    ) throws(PrivacyError) {
        guarantee = try PrivacyAccounting.guarantee(
            of: event,
            delta: delta,
            accountant: accountant
        )
        var profile: [PrivacyGuarantee] = []
        for delta in Self.profileDeltas {
            profile.append(
                try PrivacyAccounting.guarantee(of: event, delta: delta, accountant: accountant)
            )
        }
        self.profile = profile
        withoutAmplification = try PrivacyAccounting.guarantee(
            of: event.withoutAmplification,
            delta: delta
        )
        var groups: [Int: PrivacyGuarantee] = [:]
        for size in Self.groupSizes {
            groups[size] = try GroupPrivacy.guarantee(
                of: event,
                size: size,
                delta: delta,
                accountant: accountant
            )
        }
        self.groups = groups
        let composition = try EventComposition(event)
        gaussianMu =
            composition.isGaussian && !composition.isNonPrivate
            ? composition.squaredMeanShift.squareRoot() : nil
    }
}

extension PrivacyEvent {
    /// The same releases on the whole corpus instead of random samples.
    public var withoutAmplification: PrivacyEvent {
        switch self {
        case .gaussian, .exponential, .nonPrivate: self
        case .poissonSampled(_, let event): event.withoutAmplification
        case .repeated(let event, let count): .repeated(event.withoutAmplification, count: count)
        case .composed(let events): .composed(events.map(\.withoutAmplification))
        }
    }
}
