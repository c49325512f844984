/// The guarantee that a row's texts come with, and who says so.
///
/// Two rows compare fairly only when all of this agrees.
public struct PrivacyClaim: Sendable, Codable, Equatable {
    /// Where the statement comes from.
    public enum Source: String, Sendable, Codable {
        /// Read from a manifest or ledger that can be verified.
        case manifest
        /// What the user says; nothing here can check it.
        case claimed
    }

    /// ε, natural-log units, > 0; infinity for no guarantee.
    public var epsilon: Double
    /// δ in [0, 1).
    public var delta: Double
    /// What is protected: "record" or "user".
    public var unit: String
    /// The neighbouring relation, such as "add/remove".
    public var relation: String
    /// How ε was computed, such as "pld".
    public var accountant: String
    /// Who says so.
    public var source: Source

    /// States a guarantee.
    public init(
        epsilon: Double,
        delta: Double,
        unit: String,
        relation: String,
        accountant: String,
        source: Source
    ) {
        self.epsilon = epsilon
        self.delta = delta
        self.unit = unit
        self.relation = relation
        self.accountant = accountant
        self.source = source
    }

    /// Whether two claims spend the same budget: both infinite, or ε within 1 %.
    package func spendsAsMuch(as other: PrivacyClaim) -> Bool {
        guard epsilon.isFinite, other.epsilon.isFinite else { return epsilon == other.epsilon }
        return abs(epsilon - other.epsilon) <= 0.01 * max(epsilon, other.epsilon)
    }

    /// What differs from another claim in a way that makes two rows unequal, in words.
    func differences(from other: PrivacyClaim, named name: String) -> [String] {
        var found: [String] = []
        if !spendsAsMuch(as: other) {
            found.append(
                "ε is \(ReportNumber.epsilon(epsilon)), for \(name) it is "
                    + "\(ReportNumber.epsilon(other.epsilon))"
            )
        }
        if delta != other.delta, epsilon.isFinite, other.epsilon.isFinite {
            found.append(
                "δ is \(ReportNumber.delta(delta)), for \(name) it is "
                    + "\(ReportNumber.delta(other.delta))"
            )
        }
        if unit != other.unit {
            found.append("the privacy unit is \(unit), for \(name) it is \(other.unit)")
        }
        if relation != other.relation {
            found.append("the relation is \(relation), for \(name) it is \(other.relation)")
        }
        return found
    }
}
