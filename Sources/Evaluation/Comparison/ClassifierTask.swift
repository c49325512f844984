/// One classifier to train: on some texts of one row, for one label column.
struct ClassifierTask: Sendable {
    /// What a classifier's scores are used for.
    enum Purpose: Sendable {
        /// The row's value.
        case value
        /// The spread that resampled training texts cause.
        case spread
        /// All real texts, for the row `real` only.
        case allTexts
    }

    let row: Int
    let column: String
    let purpose: Purpose
    /// Texts of the row to train on; all have a class.
    let members: [Int]
    let counts: SparseRows
    /// The class of each of the row's texts, −1 for none.
    let labels: [Int]
    let test: ClassifierTest

    /// Trains and tests.
    func run() -> (scores: ClassificationScores, predictions: [Int], converged: Bool) {
        let classifier = TextClassifier(counts: counts, labels: labels, members: members)
        let predictions = classifier.predictions(for: test.counts)
        return (
            ClassificationScores(
                predicted: predictions,
                actual: test.labels,
                classCount: test.classCount
            ),
            predictions,
            classifier.converged
        )
    }
}
