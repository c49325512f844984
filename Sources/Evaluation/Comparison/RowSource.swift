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
