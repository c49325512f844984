import SeededRandomness

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

/// The real texts that classifiers of one label column are tested on.
struct ClassifierTest: Sendable {
    let counts: SparseRows
    /// The class of each text.
    let labels: [Int]
    let classCount: Int

    /// Takes the texts `members` that have a class in `classes`.
    init(features: TextFeatures, classes: [Int?], members: [Int], classCount: Int) {
        let kept = members.filter { classes[$0] != nil }
        counts = HashedNGrams.counts(of: kept.map { features.folded[$0] })
        labels = kept.compactMap { classes[$0] }
        self.classCount = classCount
    }

    /// The class that most texts have; the first of equals.
    var majority: Int {
        var sizes = [Int](repeating: 0, count: max(classCount, 1))
        for label in labels { sizes[label] += 1 }
        var best = 0
        for index in sizes.indices where sizes[index] > sizes[best] { best = index }
        return best
    }

    /// The variances of accuracy and macro-F1 when the test texts are resampled 200 times.
    func variances(of predictions: [Int], seed: UInt64) -> (accuracy: Double, macroF1: Double) {
        guard !labels.isEmpty else { return (0, 0) }
        var generator = SplitMix64(seed: seed, stream: 0x7E57)
        let scores = (0..<200).map { _ in
            let members = labels.indices.map { _ in
                Int.random(in: 0..<labels.count, using: &generator)
            }
            return ClassificationScores(
                predicted: predictions,
                actual: labels,
                members: members,
                classCount: classCount
            )
        }
        return (Self.variance(scores.map(\.accuracy)), Self.variance(scores.map(\.macroF1)))
    }

    /// The unbiased variance; 0 for fewer than two values.
    static func variance(_ values: [Double]) -> Double {
        guard values.count > 1 else { return 0 }
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }
}
