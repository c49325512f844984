import DifferentialPrivacy
public import Foundation

/// The outcome of a comparison: numbers, and the reports that show them.
public struct ComparisonReport: Sendable {
    /// The rows: majority class, real texts, untuned base, then the methods in the order given.
    public let rows: [ComparisonRow]
    /// What all rows have in common.
    public let context: ComparisonContext
    /// The methods' rows taken together, where several are runs of one method at one ε.
    public let groups: [ComparisonGroup]
    /// What each group's texts are worth, in plain words; in the order of `groups`.
    public var verdicts: [MethodVerdict] { groups.map { MethodVerdict(of: $0, in: self) } }
    let figures: ComparisonFigures

    private struct Numbers: Encodable {
        let verdicts: [MethodVerdict]
        let context: ComparisonContext
        let rows: [ComparisonRow]
        let groups: [ComparisonGroup]
        let progress: [RunProgress]?
    }

    init(rows: [ComparisonRow], context: ComparisonContext, figures: ComparisonFigures) {
        self.rows = rows
        self.context = context
        self.figures = figures
        groups = ComparisonGroup.groups(of: rows)
    }

    /// The contents of `numbers.json`: verdicts, context, rows and groups, full precision, infinity as "inf".
    public func numbersJSON() throws -> Data {
        try JSONEncoder.spellingInfinity(.prettyPrinted).encode(
            Numbers(
                verdicts: verdicts,
                context: context,
                rows: rows,
                groups: groups,
                progress: figures.progress.isEmpty ? nil : figures.progress
            )
        )
    }

    /// The contents of `report.md`.
    public func markdown() -> String { MarkdownReport(report: self).text }

    /// The contents of `report.html`: one file that needs no other.
    public func html() -> String { HTMLReport(report: self).text }

    /// Whether a method was run several times at one ε.
    var hasSeveralRuns: Bool { groups.contains { $0.rows.count > 1 } }

    /// The reference rows, then the methods' groups: the lines of a table.
    var lines: [ComparisonGroup] {
        rows.filter { $0.reference != nil }.map { ComparisonGroup(rows: [$0]) } + groups
    }

    /// One of the reference rows.
    func row(_ reference: ComparisonRow.Reference) -> ComparisonRow? {
        rows.first { $0.reference == reference }
    }
}

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
