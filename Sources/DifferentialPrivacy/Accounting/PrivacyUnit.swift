/// Whose presence the guarantee hides.
public enum PrivacyUnit: Codable, Equatable, Sendable {
    /// One record: one row of the corpus, truncated to the sequence length.
    case record
    /// One user: at most `maxRecords` of their records, sampled and clipped as one.
    case user(maxRecords: Int)

    /// The most records of a user that are used where nobody says how many.
    public static let defaultMaxRecords = 10

    /// What one unit is called: "record" or "user".
    public var name: String {
        switch self {
        case .record: "record"
        case .user: "user"
        }
    }

    /// The most records of a unit that are used.
    package var recordLimit: Int {
        switch self {
        case .record: 1
        case .user(let maxRecords): maxRecords
        }
    }

    private enum UserCodingKeys: String, CodingKey {
        case maxRecords = "max_records"
    }
}

/// Which pairs of corpora the guarantee makes hard to tell apart.
///
/// One case, on purpose: every sensitivity and every accountant of this target is derived for it,
/// and every report prints it. Under replacement of a unit the same noise guarantees less.
public enum NeighboringRelation: String, Codable, Sendable, CaseIterable {
    /// One privacy unit is added or removed; the guarantee covers both directions.
    case addOrRemoveOne = "add_or_remove_one"
}
