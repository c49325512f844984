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
