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

extension RowMetrics {
    /// Fills in what classifiers with the fixed C reach.
    mutating func fill(fixed scores: JudgedScores) {
        accuracy = scores.accuracy
        accuracyInterval = scores.accuracyInterval
        accuracySeeds = scores.accuracySeeds
        accuracySpread = scores.accuracySpread
        macroF1 = scores.macroF1
        macroF1Interval = scores.macroF1Interval
        macroF1Seeds = scores.macroF1Seeds
        macroF1Spread = scores.macroF1Spread
    }

    /// What the headline rests on: accuracy with the C that the row's own texts chose, or else the
    /// fixed one.
    public var judgedAccuracy: [String: Double] { tuned?.accuracy ?? accuracy }

    /// The same for macro-F1.
    public var judgedMacroF1: [String: Double] { tuned?.macroF1 ?? macroF1 }

    /// The same after resampling the training texts, one per seed.
    var judgedAccuracySeeds: [String: [Double]] { tuned?.accuracySeeds ?? accuracySeeds }

    /// Fills in what classifiers fine-tuned from the base model reach, one a seed, with intervals.
    mutating func fillFineTuned(
        _ column: String,
        seeds: [UInt64],
        _ scores: [ClassificationScores],
        testVariances: (accuracy: Double, macroF1: Double)
    ) {
        func set<Value>(_ values: inout [String: Value]?, _ value: Value) {
            values = (values ?? [:]).merging([column: value]) { $1 }
        }
        let (hits, f1) = (scores.map(\.accuracy), scores.map(\.macroF1))
        let accuracies = ScoreSummary(hits, seeds: hits, testVariances.accuracy)
        let macroF1s = ScoreSummary(f1, seeds: f1, testVariances.macroF1)
        fineTunedSeeds = seeds
        set(&fineTunedAccuracy, accuracies.value)
        set(&fineTunedAccuracyInterval, accuracies.interval)
        set(&fineTunedAccuracySeeds, hits)
        set(&fineTunedMacroF1, macroF1s.value)
        set(&fineTunedMacroF1Interval, macroF1s.interval)
        set(&fineTunedMacroF1Seeds, f1)
    }
}

/// One label value by itself: what the classifier of a row makes of its real test texts.
public struct LabelScore: Sendable, Codable, Equatable {
    /// The value as the report names it (see `ComparisonContext.labels`).
    public let label: String
    /// The share of texts predicted to have the label that do, in [0, 1].
    public let precision: Double
    /// The share of the label's texts that are predicted to have it, in [0, 1].
    public let recall: Double
    /// The harmonic mean of both.
    public let f1: Double
    /// Real test texts with the label.
    public let support: Int
}

/// A label value's share of a set's texts.
public struct LabelShare: Sendable, Codable, Equatable {
    /// The value as the report names it.
    public let label: String
    /// In [0, 1].
    public let share: Double
}
