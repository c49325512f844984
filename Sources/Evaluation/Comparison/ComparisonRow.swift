/// One line of a comparison: a method or a reference, its guarantee and its numbers.
public struct ComparisonRow: Sendable, Codable, Equatable {
    /// The rows every comparison has, besides the methods'.
    public enum Reference: String, Sendable, Codable, CaseIterable {
        /// Always predicts the most frequent class of the real test texts.
        case majorityClass = "majority-class"
        /// Real texts in place of synthetic ones: the ceiling.
        case real
        /// The base model before fine-tuning: what costs no privacy.
        case untunedBase = "untuned-base"
    }

    /// The row's name, unique in its report.
    public let name: String
    /// Which reference it is; `nil` for a method.
    public let reference: Reference?
    /// Which curve the row belongs to.
    public let series: String
    /// How many texts were measured; 0 for the majority class.
    public let texts: Int
    /// The guarantee of a method's texts; `nil` when none is stated or none applies.
    public let privacy: PrivacyClaim?
    /// The numbers.
    public let metrics: RowMetrics
    /// What makes the row unequal to others or incomplete; never quotes a text or a label value.
    public let flags: [String]
    /// What a reader must know about the texts.
    public let notes: [String]
}
