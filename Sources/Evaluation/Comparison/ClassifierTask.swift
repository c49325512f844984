/// The texts of one row with the values of one label column, ready for classifiers.
struct ClassifierCell: Sendable {
    let row: Int
    let column: String
    /// The n-grams of the row's texts.
    let counts: SparseRows
    /// The class of each of the row's texts, −1 for none.
    let labels: [Int]
    let test: ClassifierTest
    /// The fold of each of the row's texts, for the choice of C.
    let folds: [Int]

    /// Those of `members` that have a class.
    func known(_ members: [Int]) -> [Int] { members.filter { labels[$0] >= 0 } }
}

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
        /// The row's texts with the label mix of the test texts.
        case equalMix
    }

    /// What one classifier comes to.
    struct Outcome: Sendable {
        let scores: ClassificationScores
        let predictions: [Int]
        let converged: Bool
    }

    let cell: ClassifierCell
    let purpose: Purpose
    /// Texts of the row to train on; all have a class.
    let members: [Int]
    /// The values of C to train with.
    let inverseRegularizations: [Double]

    /// Trains and tests, once for each C.
    func run() -> [Outcome] {
        TextClassifier.path(
            counts: cell.counts,
            labels: cell.labels,
            members: members,
            inverseRegularizations: inverseRegularizations
        )
        .map { classifier in
            let predictions = classifier.predictions(for: cell.test.counts)
            return Outcome(
                scores: ClassificationScores(
                    predicted: predictions,
                    actual: cell.test.labels,
                    classCount: cell.test.classCount
                ),
                predictions: predictions,
                converged: classifier.converged
            )
        }
    }
}
