/// The real texts that rows are judged against.
struct TestTexts {
    /// All of them.
    var features: TextFeatures
    /// Label column → class of each text, `nil` for a value outside the label set.
    var classes: [String: [Int?]]
    /// Label column → number of public values.
    var classCounts: [String: Int]
    /// The texts that embeddings, lengths and diversity are compared with, at most 10,000.
    var compared: [Int]

    /// The most texts that distances are measured to.
    static let comparedLimit = 10_000
}
