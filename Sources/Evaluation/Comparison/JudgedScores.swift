/// What classifiers of each label column reach on the real test texts, with intervals.
///
/// An interval adds the variance over resampled training texts and that over resampled test texts,
/// ±1.96 standard deviations.
public struct JudgedScores: Sendable, Codable, Equatable {
    /// Label column → C of the classifier.
    public internal(set) var inverseRegularization: [String: Double] = [:]
    /// Label column → accuracy, trained on the row's texts, in [0, 1].
    public internal(set) var accuracy: [String: Double] = [:]
    /// Label column → lower and upper end of a 95 % interval of accuracy.
    public internal(set) var accuracyInterval: [String: [Double]] = [:]
    /// Label column → accuracy after resampling the training texts with replacement, one per seed.
    public internal(set) var accuracySeeds: [String: [Double]] = [:]
    /// Label column → standard deviation of `accuracySeeds`.
    public internal(set) var accuracySpread: [String: Double] = [:]
    /// Label column → macro-F1, in [0, 1].
    public internal(set) var macroF1: [String: Double] = [:]
    /// Label column → lower and upper end of a 95 % interval of macro-F1.
    public internal(set) var macroF1Interval: [String: [Double]] = [:]
    /// Label column → macro-F1 after resampling the training texts, one per seed.
    public internal(set) var macroF1Seeds: [String: [Double]] = [:]
    /// Label column → standard deviation of `macroF1Seeds`.
    public internal(set) var macroF1Spread: [String: Double] = [:]

    enum CodingKeys: String, CodingKey {
        case accuracy
        case inverseRegularization = "inverse_regularization"
        case accuracyInterval = "accuracy_interval"
        case accuracySeeds = "accuracy_seeds"
        case accuracySpread = "accuracy_spread"
        case macroF1 = "macro_f1"
        case macroF1Interval = "macro_f1_interval"
        case macroF1Seeds = "macro_f1_seeds"
        case macroF1Spread = "macro_f1_spread"
    }

    /// Fills in a column; nothing without values.
    ///
    /// - Parameters:
    ///   - column: The label column.
    ///   - inverseRegularization: C of its classifiers.
    ///   - values: One a subsample of the row's texts; their mean is the row's value.
    ///   - seeds: After resampling the training texts.
    ///   - testVariances: What resampling the test texts causes.
    mutating func fill(
        _ column: String,
        inverseRegularization: Double,
        values: [ClassificationScores],
        seeds: [ClassificationScores],
        testVariances: (accuracy: Double, macroF1: Double)
    ) {
        guard !values.isEmpty else { return }
        self.inverseRegularization[column] = inverseRegularization
        let accuracies = ScoreSummary(
            values.map(\.accuracy),
            seeds: seeds.map(\.accuracy),
            testVariances.accuracy
        )
        accuracy[column] = accuracies.value
        accuracyInterval[column] = accuracies.interval
        accuracySeeds[column] = seeds.map(\.accuracy)
        accuracySpread[column] = accuracies.spread
        let scores = ScoreSummary(
            values.map(\.macroF1),
            seeds: seeds.map(\.macroF1),
            testVariances.macroF1
        )
        macroF1[column] = scores.value
        macroF1Interval[column] = scores.interval
        macroF1Seeds[column] = seeds.map(\.macroF1)
        macroF1Spread[column] = scores.spread
    }
}

/// A classifier's score over seeds, with its 95 % interval within [0, 1].
struct ScoreSummary {
    let value: Double
    /// The standard deviation over seeds.
    let spread: Double
    let interval: [Double]

    /// The mean of `values`, at least one, with the variances over `seeds` and over test texts.
    init(_ values: [Double], seeds: [Double], _ testVariance: Double) {
        value = values.reduce(0, +) / Double(values.count)
        let trainVariance = ClassifierTest.variance(seeds)
        spread = trainVariance.squareRoot()
        let reach = 1.96 * (trainVariance + testVariance).squareRoot()
        interval = [max(0, value - reach), min(1, value + reach)]
    }
}
