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
