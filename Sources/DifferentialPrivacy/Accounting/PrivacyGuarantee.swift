/// An upper bound of epsilon at a delta, and how it was found.
public struct PrivacyGuarantee: Codable, Equatable, Sendable {
    /// The bound, in nats, at least 0; infinity if there is no guarantee.
    public let epsilon: Double
    /// The failure probability that the bound is stated for, in [0, 1].
    public let delta: Double
    /// The accountant that gave the bound; never `best`.
    public let accountant: Accountant
    /// The Rényi order that gave the bound, for `rdp` only.
    public let order: Double?

    /// A bound found elsewhere, such as one read from a manifest.
    public init(epsilon: Double, delta: Double, accountant: Accountant, order: Double? = nil) {
        self.epsilon = epsilon
        self.delta = delta
        self.accountant = accountant
        self.order = order
    }

    /// That of a run without a target: it says nothing.
    package static let vacuous = PrivacyGuarantee(
        epsilon: .infinity,
        delta: 0,
        accountant: .gaussian
    )
}

extension PrivacyGuarantee {
    /// Whether the bound came from the first or last Rényi order tried, so that other orders might tighten it.
    public var isAtEndOfOrderGrid: Bool {
        order.map {
            $0 == RDPAccountant.defaultOrders.first || $0 == RDPAccountant.defaultOrders.last
        }
            ?? false
    }
}

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

/// A method that turns a privacy event into a valid upper bound of epsilon.
public enum Accountant: String, Codable, Sendable, CaseIterable {
    /// The smallest of the valid bounds that the others give; reports name which one it was.
    case best
    /// Rényi divergences, added up and converted (Canonne, Kamath, Steinke 2020).
    case rdp
    /// Privacy loss distributions, discretised pessimistically and convolved.
    case pld
    /// The exact curve of composed Gaussians (Balle & Wang 2018); refuses subsampling.
    case gaussian
}

/// The orders and grids of the accountants in words, for manifests.
package enum AccountingMethod {
    /// What manifests state.
    package static let statement: String = {
        let orders = RDPAccountant.defaultOrders
        let range = "\(orders.first ?? 0) to \(orders.last ?? 0)"
        return
            "rdp: the best of \(orders.count) orders from \(range), converted as by Canonne, Kamath"
            + " and Steinke 2020; pld: losses discretised upwards on a grid whose interval is a power"
            + " of two, of at most \(PLDGrid.largestTransform) points, with a bound on the rounding of"
            + " the transforms added, and choices of bounded range by the worst of all adaptive"
            + " sequences of them; gaussian: exact; the smallest is stated. Every figure is an"
            + " upper bound"
    }()
}
