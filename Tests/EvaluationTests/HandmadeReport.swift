@testable import Evaluation

/// Reports of made-up numbers, for what depends on numbers alone.
enum HandmadeReport {
    /// A method's row; `reach` is half its accuracy's interval, all of it from the test texts.
    static func row(
        _ name: String,
        series: String? = nil,
        claim: PrivacyClaim?,
        accuracy: Double,
        reach: Double = 0.01,
        fid: Double? = nil,
        flags: [String] = []
    ) -> ComparisonRow {
        var metrics = RowMetrics()
        metrics.accuracy = ["topic": accuracy]
        metrics.accuracyInterval = ["topic": [accuracy - reach, accuracy + reach]]
        metrics.accuracySpread = ["topic": 0]
        metrics.accuracySeeds = ["topic": [accuracy - 0.02]]
        metrics.fid = fid
        return ComparisonRow(
            name: name,
            reference: nil,
            series: series ?? name,
            texts: 100,
            privacy: claim,
            metrics: metrics,
            flags: flags,
            notes: []
        )
    }

    /// Runs of one method at one ε, each of which spends a little less than the one before.
    static func runs(_ series: String, _ epsilon: Double, _ accuracies: [Double]) -> [ComparisonRow]
    {
        accuracies.enumerated().map { run, accuracy in
            row(
                "\(series) ε=\(ReportNumber.epsilon(epsilon)) #\(run + 1)",
                series: series,
                claim: ComparisonFixture.claim(epsilon - 4e-6 * Double(run)),
                accuracy: accuracy
            )
        }
    }

    static func report(_ rows: [ComparisonRow]) -> ComparisonReport {
        ComparisonReport(
            rows: rows,
            context: ComparisonContext(
                labelColumns: ["topic"],
                textsPerRow: 100,
                testTexts: 100,
                comparedTestTexts: 100,
                seeds: [1],
                metrics: .fast,
                embedding: "made up",
                inverseRegularization: 1,
                heldOutOverlap: nil,
                provenance: ["made up"],
                notice: ComparisonContext.internalNotice
            ),
            figures: ComparisonFigures()
        )
    }

    /// Two methods at two ε, twice each, run after run as a sweep has them.
    static var sweep: ComparisonReport {
        let cells = [
            runs("finetune", 1, [0.50, 0.52]), runs("finetune", 7.999679, [0.54, 0.56]),
            runs("evolve", 1, [0.49, 0.57]), runs("evolve", 7.999682, [0.45, 0.47]),
        ]
        return report((0..<2).flatMap { run in cells.map { $0[run] } })
    }
}
