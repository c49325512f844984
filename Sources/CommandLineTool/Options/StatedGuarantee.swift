import Evaluation

/// A guarantee as a user writes it down, in a file for `--claims` or `--sweep`.
///
///     epsilon: 4            a number above 0, or inf
///     delta: 1e-6           needed unless epsilon is inf
///     unit: record          record or user
///     relation: add/remove  add/remove or replace
///     accountant: rdp
struct StatedGuarantee: Decodable, Equatable {
    let epsilon: Double
    let delta: Double?
    let unit: String?
    let relation: String?
    let accountant: String?

    private enum CodingKeys: CodingKey { case epsilon, delta, unit, relation, accountant }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if let number = try? values.decode(Double.self, forKey: .epsilon) {
            epsilon = number
        } else {
            epsilon = Double(try values.decode(String.self, forKey: .epsilon)) ?? .nan
        }
        delta = try values.decodeIfPresent(Double.self, forKey: .delta)
        unit = try values.decodeIfPresent(String.self, forKey: .unit)
        relation = try values.decodeIfPresent(String.self, forKey: .relation)
        accountant = try values.decodeIfPresent(String.self, forKey: .accountant)
    }

    /// The claim of a row.
    ///
    /// What is left out is said to be unknown, so that it never looks equal to what is stated.
    ///
    /// - Parameter place: Where it was written down, for the message.
    /// - Returns: The claim, marked as the user's.
    /// - Throws: `ToolError.badConfiguration`.
    func claim(at place: String) throws -> PrivacyClaim {
        guard epsilon > 0 else {
            throw ToolError.badConfiguration("\(place): epsilon must be above 0, or inf")
        }
        guard let delta = delta ?? (epsilon.isFinite ? nil : 0), delta >= 0, delta < 1 else {
            throw ToolError.badConfiguration("\(place): delta must be given, in [0, 1)")
        }
        return PrivacyClaim(
            epsilon: epsilon,
            delta: delta,
            unit: unit.map(PrivacyTerms.unit) ?? .unstated,
            relation: relation.map(PrivacyTerms.relation) ?? .unstated,
            accountant: accountant ?? PrivacyClaim.unstated,
            source: .claimed
        )
    }
}

/// The words that guarantees are stated with, so that equal ones are equal in a comparison.
private enum PrivacyTerms {
    /// A unit by any of its spellings; others are kept as they are.
    static func unit(_ text: String) -> StatedTerm<PrivacyClaim.Unit> {
        switch folded(text) {
        case "record", "records", "example", "sample": .known(.record)
        case "user", "users": .known(.user)
        default: .other(text)
        }
    }

    /// A neighbouring relation by any of its spellings; others are kept as they are.
    static func relation(_ text: String) -> StatedTerm<PrivacyClaim.Relation> {
        switch folded(text) {
        case "addremove", "addorremove", "addorremoveone", "addremoveone", "unbounded":
            .known(.addOrRemove)
        case "replace", "replaceone", "substitute", "substitution", "bounded": .known(.replace)
        default: .other(text)
        }
    }

    private static func folded(_ text: String) -> String {
        String(text.lowercased().filter(\.isLetter))
    }
}
