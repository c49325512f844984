extension RowMetrics {
    /// Fills in a column's accuracy and macro-F1 with spreads and intervals; nothing without values.
    mutating func fill(
        _ column: String,
        values: [ClassificationScores],
        seeds: [ClassificationScores],
        testVariances: (accuracy: Double, macroF1: Double)
    ) {
        guard !values.isEmpty else { return }
        let accuracies = Self.summary(
            values.map(\.accuracy),
            seeds: seeds.map(\.accuracy),
            testVariances.accuracy
        )
        accuracy[column] = accuracies.value
        accuracyInterval[column] = accuracies.interval
        accuracySeeds[column] = seeds.map(\.accuracy)
        accuracySpread[column] = accuracies.spread
        let scores = Self.summary(
            values.map(\.macroF1),
            seeds: seeds.map(\.macroF1),
            testVariances.macroF1
        )
        macroF1[column] = scores.value
        macroF1Interval[column] = scores.interval
        macroF1Seeds[column] = seeds.map(\.macroF1)
        macroF1Spread[column] = scores.spread
    }

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
        let accuracies = Self.summary(hits, seeds: hits, testVariances.accuracy)
        let macroF1s = Self.summary(f1, seeds: f1, testVariances.macroF1)
        fineTunedSeeds = seeds
        set(&fineTunedAccuracy, accuracies.value)
        set(&fineTunedAccuracyInterval, accuracies.interval)
        set(&fineTunedAccuracySeeds, hits)
        set(&fineTunedMacroF1, macroF1s.value)
        set(&fineTunedMacroF1Interval, macroF1s.interval)
        set(&fineTunedMacroF1Seeds, f1)
    }

    private static func summary(
        _ values: [Double],
        seeds: [Double],
        _ testVariance: Double
    ) -> (value: Double, spread: Double, interval: [Double]) {
        let value = values.reduce(0, +) / Double(values.count)
        let trainVariance = ClassifierTest.variance(seeds)
        let reach = 1.96 * (trainVariance + testVariance).squareRoot()
        return (value, trainVariance.squareRoot(), [max(0, value - reach), min(1, value + reach)])
    }
}
