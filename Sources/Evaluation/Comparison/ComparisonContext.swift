/// What all rows of a comparison have in common.
public struct ComparisonContext: Sendable, Codable, Equatable {
    /// The label columns that classifiers predict.
    public let labelColumns: [String]
    /// The number of texts measured in every row.
    public let textsPerRow: Int
    /// The number of real texts that classifiers are tested on.
    public let testTexts: Int
    /// The number of those that embeddings and lengths are compared with.
    public let comparedTestTexts: Int
    /// All seeds, in order.
    public let seeds: [UInt64]
    /// How much was measured.
    public let metrics: ComparisonInputs.Metrics
    /// What turned texts into vectors.
    public let embedding: String
    /// Label column → what the report calls each of its values, in class order.
    ///
    /// The value itself where it is public or a synthetic text carries it, else its number.
    public var labels: [String: [String]] = [:]
    /// Label column → the share of each of its values among the real test texts, in class order.
    public var testLabelMix: [String: [LabelShare]] = [:]
    /// Test texts that are in the training file too; absent without one.
    public var testTextsInTraining: TestTextsInTraining?
    /// C of the classifier that `accuracy` and `macro_f1` are of.
    public let inverseRegularization: Double
    /// Overlap of the real test texts with the real training texts, the methods' baseline.
    ///
    /// Internal: not differentially private.
    public let heldOutOverlap: TrainingOverlap?
    /// What was compared by what, in sentences: files, versions, settings.
    public let provenance: [String]
    /// What may be done with the numbers.
    public let notice: String

    /// Why a comparison with real text is not for publication.
    static let internalNotice =
        "Internal. These numbers depend on real texts and are not differentially private; "
        + "publish them only if the real test texts may be published."

    enum CodingKeys: String, CodingKey {
        case seeds, metrics, embedding, provenance, notice, labels
        case testLabelMix = "test_label_mix"
        case testTextsInTraining = "test_texts_in_training"
        case labelColumns = "label_columns"
        case textsPerRow = "texts_per_row"
        case testTexts = "test_texts"
        case comparedTestTexts = "compared_test_texts"
        case inverseRegularization = "inverse_regularization"
        case heldOutOverlap = "held_out_overlap"
    }
}
