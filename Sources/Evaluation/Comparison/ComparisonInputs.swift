public import LanguageModel

/// Everything a comparison is made of.
public struct ComparisonInputs: Sendable {
    /// How much is measured.
    public enum Metrics: String, Sendable, Codable {
        /// Classifier, MAUVE, FID, precision and recall, lengths, distinct-n, duplicates.
        case fast
        /// All of that, self-BLEU, overlap with the private training texts, and what takes training:
        /// a classifier from the base model, next-token prediction, canaries.
        case full
    }

    /// Real texts that no method trained on; every row is judged against them.
    public var realTest: TextSet
    /// Real training texts for the row `real`; without them half of `realTest` stands in.
    public var realTrain: TextSet?
    /// Texts of the base model before fine-tuning, for the row `untuned-base`.
    public var untunedBase: TextSet?
    /// The methods compared.
    public var synthetic: [SyntheticSet]
    /// The label columns that a classifier is trained to predict.
    public var labelColumns: [String]
    /// Column → its public values; the values of `realTest` where a column is missing here.
    public var labelValues: [String: [String]]
    /// How much is measured.
    public var metrics: Metrics
    /// The seeds of resampling and clustering, at least one.
    public var seeds: [UInt64]
    /// What turns texts into vectors; a hashed n-gram projection if `nil`.
    public var embedder: (any TextEmbedder)?
    /// The public base model that `full` trains from; what it trains is left out if `nil`.
    public var model: MeasuringModel?
    /// What a reader should know about where the texts come from, in sentences: files, versions, how the
    /// base model's were drawn.
    public var provenance: [String]
    /// How ε grew in the runs that the methods' texts come from, where they are here.
    public var progress: [RunProgress] = []
    /// Planted texts, ranked by a model that is trained on each row's texts; `full` only.
    public var canaries: [Canary]

    /// Gathers the inputs; `seeds` defaults to 1, 2, 3.
    public init(
        realTest: TextSet,
        realTrain: TextSet? = nil,
        untunedBase: TextSet? = nil,
        synthetic: [SyntheticSet],
        labelColumns: [String]
    ) {
        self.realTest = realTest
        self.realTrain = realTrain
        self.untunedBase = untunedBase
        self.synthetic = synthetic
        self.labelColumns = labelColumns
        labelValues = [:]
        metrics = .fast
        seeds = [1, 2, 3]
        embedder = nil
        model = nil
        provenance = []
        canaries = []
    }
}

/// How far a comparison is.
public struct ComparisonProgress: Sendable, Equatable {
    /// What is being done, such as "similarity of dp-eps8".
    public let activity: String
    /// Steps finished before this one.
    public let finished: Int
    /// Steps in all.
    public let total: Int
}

/// One method's synthetic texts, as a comparison receives them.
public struct SyntheticSet: Sendable {
    /// The row's name.
    public var name: String
    /// Which curve the row belongs to when several are given at several ε; the name if `nil`.
    public var series: String?
    /// The texts.
    public var set: TextSet
    /// The guarantee they come with, if one is known.
    public var claim: PrivacyClaim?
    /// What a reader must know, such as "the folder mixes kept and varied texts".
    public var notes: [String]

    /// Describes one method's texts.
    public init(
        name: String,
        series: String? = nil,
        set: TextSet,
        claim: PrivacyClaim? = nil,
        notes: [String] = []
    ) {
        self.name = name
        self.series = series
        self.set = set
        self.claim = claim
        self.notes = notes
    }
}

/// Texts with the values of their label columns.
public struct TextSet: Sendable {
    /// One text a record.
    public var texts: [String]
    /// Label column name → one value per text, in the same order.
    public var labels: [String: [String]]

    /// Groups texts with their labels.
    public init(texts: [String], labels: [String: [String]] = [:]) {
        self.texts = texts
        self.labels = labels
    }

    /// Splits off records without any character but white space; says how many there were.
    func droppingBlanks() -> (set: TextSet, dropped: Int) {
        let kept = texts.indices.filter { index in
            texts[index].unicodeScalars.contains { !$0.properties.isWhitespace }
        }
        guard kept.count < texts.count else { return (self, 0) }
        let values = labels.mapValues { column in kept.map { column[$0] } }
        return (TextSet(texts: kept.map { texts[$0] }, labels: values), texts.count - kept.count)
    }
}
