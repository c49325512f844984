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
