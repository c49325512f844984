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

    /// What stands for a unit, relation or accountant that nobody stated.
    package static let unstated = "not stated"

    /// What differs from another claim in a way that makes two rows unequal, in words.
    ///
    /// What neither states is a difference too: it is unknown whether it is equal. Two claims of ε = ∞
    /// guarantee nothing, so nothing differs.
    func differences(from other: PrivacyClaim, named name: String) -> [String] {
        guard epsilon.isFinite || other.epsilon.isFinite else { return [] }
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
        let terms = [("privacy unit", unit, other.unit), ("relation", relation, other.relation)]
        return found
            + terms.compactMap { Self.difference(of: $0.0, own: $0.1, other: $0.2, named: name) }
    }

    /// How ε was computed in another way than another claim's; `nil` if it was not.
    ///
    /// Every accountant gives an upper bound, so the rows are still comparable.
    func otherAccountant(than other: PrivacyClaim, named name: String) -> String? {
        guard epsilon.isFinite, other.epsilon.isFinite else { return nil }
        let difference = Self.difference(
            of: "accountant",
            own: accountant,
            other: other.accountant,
            named: name
        )
        return difference.map { $0 + "; each gives an upper bound of ε, and one may be looser" }
    }

    private static func difference(
        of term: String,
        own: String,
        other: String,
        named name: String
    ) -> String? {
        if own == unstated, other == unstated {
            return "the \(term) is not stated, neither here nor for \(name)"
        }
        return own == other ? nil : "the \(term) is \(own), for \(name) it is \(other)"
    }

    /// What holds for every one of some claims: their largest ε and δ; `nil` without claims.
    static func covering(_ claims: [PrivacyClaim]) -> PrivacyClaim? {
        guard let first = claims.first else { return nil }
        func common(_ term: (PrivacyClaim) -> String) -> String {
            claims.allSatisfy { term($0) == term(first) } ? term(first) : "differs by run"
        }
        return PrivacyClaim(
            epsilon: claims.map(\.epsilon).max() ?? first.epsilon,
            delta: claims.map(\.delta).max() ?? first.delta,
            unit: common(\.unit),
            relation: common(\.relation),
            accountant: common(\.accountant),
            source: claims.contains { $0.source == .claimed } ? .claimed : .manifest
        )
    }
}
