/// A row's texts, ready to be measured.
struct RowSource {
    var name: String
    var reference: ComparisonRow.Reference?
    var series: String
    var features: TextFeatures
    /// Label column → class of each text, `nil` for a value outside the label set.
    var classes: [String: [Int?]]
    var claim: PrivacyClaim?
    var flags: [String] = []
    var notes: [String] = []
    /// Label column → how often each value occurs among the texts that are measured.
    var mixes: [String: LabelMix] = [:]
    /// The texts measured with each seed: equally many in every row.
    var samples: [[Int]] = []

    /// The first seed's texts, on which everything but the classifier is measured.
    var measured: [Int] { samples.first ?? [] }
}

/// The real texts that rows are judged against.
struct TestTexts {
    /// All of them.
    var features: TextFeatures
    /// Label column → class of each text, `nil` for a value outside the label set.
    var classes: [String: [Int?]]
    /// Label column → number of public values.
    var classCounts: [String: Int]
    /// Label column → what a report calls each class: its value where that is public or a synthetic text
    /// carries it, else its number.
    var labelNames: [String: [String]] = [:]
    /// Label column → the mix of its values.
    var mixes: [String: LabelMix] = [:]
    /// The same for the columns in which some row's mix differs: all rows are judged at that mix too.
    var equalMixes: [String: LabelMix] = [:]
    /// Whether each text is in the training file, by its words; empty without one.
    var isInTraining: [Bool] = []
    /// How many are; nil without a training file.
    var inTraining: TestTextsInTraining?
    /// The halves, where one stands in for training texts; nil where these were given.
    var halves: RealHalves?
    /// The texts that embeddings, lengths and diversity are compared with, at most 10,000.
    var compared: [Int]

    /// The texts that judge a row that learned from the real texts.
    var judgingReal: [Int] { halves?.judging ?? Array(features.texts.indices) }

    /// The most texts that distances are measured to.
    static let comparedLimit = 10_000
}
