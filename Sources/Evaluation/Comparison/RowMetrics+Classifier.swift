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

    /// Fills in what the classifier fine-tuned from the base model reaches, with intervals.
    mutating func fillFineTuned(
        _ column: String,
        _ scores: ClassificationScores,
        _ variances: (accuracy: Double, macroF1: Double)
    ) {
        func interval(_ value: Double, _ variance: Double) -> [Double] {
            let reach = 1.96 * variance.squareRoot()
            return [max(0, value - reach), min(1, value + reach)]
        }
        fineTunedAccuracy = (fineTunedAccuracy ?? [:]).merging([column: scores.accuracy]) { $1 }
        fineTunedAccuracyInterval = (fineTunedAccuracyInterval ?? [:]).merging(
            [column: interval(scores.accuracy, variances.accuracy)]
        ) { $1 }
        fineTunedMacroF1 = (fineTunedMacroF1 ?? [:]).merging([column: scores.macroF1]) { $1 }
        fineTunedMacroF1Interval = (fineTunedMacroF1Interval ?? [:]).merging(
            [column: interval(scores.macroF1, variances.macroF1)]
        ) { $1 }
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
