/// Whose presence the guarantee hides.
public enum PrivacyUnit: Codable, Equatable, Sendable {
    /// One record: one row of the corpus, truncated to the sequence length.
    case record
    /// One user: at most `maxRecords` of their records, sampled and clipped as one.
    case user(maxRecords: Int)

    private enum UserCodingKeys: String, CodingKey {
        case maxRecords = "max_records"
    }
}
