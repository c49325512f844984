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

    /// What a guarantee protects.
    public enum Unit: String, Sendable {
        case record, user
    }

    /// Which corpora are neighbours.
    public enum Relation: String, Sendable {
        /// One unit is added or removed.
        case addOrRemove = "add/remove"
        /// One unit is another.
        case replace
    }

    /// ε, natural-log units, > 0; infinity for no guarantee.
    public var epsilon: Double
    /// δ in [0, 1).
    public var delta: Double
    /// What is protected.
    public var unit: StatedTerm<Unit>
    /// Which corpora are neighbours.
    public var relation: StatedTerm<Relation>
    /// How ε was computed, such as "pld".
    public var accountant: String
    /// Who says so.
    public var source: Source

    /// States a guarantee.
    public init(
        epsilon: Double,
        delta: Double,
        unit: StatedTerm<Unit>,
        relation: StatedTerm<Relation>,
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

    /// What stands for a term of a guarantee that nobody stated.
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
        let terms = [
            ("privacy unit", unit.text, other.unit.text),
            ("relation", relation.text, other.relation.text),
        ]
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

    /// What stands for a term in which the runs of a row differ.
    static let varying = "differs by run"

    /// What holds for every one of some claims: their largest ε and δ; `nil` without claims.
    static func covering(_ claims: [PrivacyClaim]) -> PrivacyClaim? {
        guard let first = claims.first else { return nil }
        func common<Term: Equatable>(_ term: (PrivacyClaim) -> Term, or varying: Term) -> Term {
            claims.allSatisfy { term($0) == term(first) } ? term(first) : varying
        }
        return PrivacyClaim(
            epsilon: claims.map(\.epsilon).max() ?? first.epsilon,
            delta: claims.map(\.delta).max() ?? first.delta,
            unit: common(\.unit, or: .varying),
            relation: common(\.relation, or: .varying),
            accountant: common(\.accountant, or: varying),
            source: claims.contains { $0.source == .claimed } ? .claimed : .manifest
        )
    }
}

/// A term of a guarantee as somebody states it: a file of the product, a user, or nobody.
public enum StatedTerm<Known>: Sendable, Equatable
where Known: RawRepresentable & Equatable & Sendable, Known.RawValue == String {
    /// One that this product knows.
    case known(Known)
    /// Another one, in the user's words.
    case other(String)
    /// Nobody says.
    case unstated
    /// The runs of a row differ in it.
    case varying

    /// How it is written in reports.
    public var text: String {
        switch self {
        case .known(let term): term.rawValue
        case .other(let text): text
        case .unstated: PrivacyClaim.unstated
        case .varying: PrivacyClaim.varying
        }
    }
}

extension StatedTerm: Codable {
    /// Reads what `encode` wrote.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        switch text {
        case PrivacyClaim.unstated: self = .unstated
        case PrivacyClaim.varying: self = .varying
        default: self = Known(rawValue: text).map(Self.known) ?? .other(text)
        }
    }

    /// Writes its text.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(text)
    }
}
