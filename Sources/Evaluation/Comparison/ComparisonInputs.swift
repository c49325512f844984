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
