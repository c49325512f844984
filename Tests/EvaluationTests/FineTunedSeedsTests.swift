import Kernels
import Testing

@testable import Evaluation

/// How the seeds of fine-tuned classifiers are dealt out, and what becomes of their scores.
@Suite struct FineTunedSeedsTests {
    private func source(
        _ series: String,
        epsilon: Double? = nil,
        reference: ComparisonRow.Reference? = nil
    ) throws -> RowSource {
        try RowSource(
            name: series,
            reference: reference,
            series: series,
            features: TextFeatures([], parallel: ParallelFor(threadCount: 1)),
            classes: [:],
            claim: epsilon.map { ComparisonFixture.claim($0) }
        )
    }

    @Test func runsOfAMethodShareTheSeedsAndRowsByThemselvesHaveAll() throws {
        let sources =
            try [source("real", reference: .real), source("alone", epsilon: 8)]
            + Array(repeating: source("twice", epsilon: 8), count: 2)
            + [source("twice", epsilon: 1)]
            + Array(repeating: source("often", epsilon: 4), count: 5)
        #expect(
            Comparison.classifierSeeds(of: sources, count: 3) == [
                [0, 1, 2], [0, 1, 2], [0, 2], [1], [0, 1, 2], [0], [1], [2], [0], [1],
            ]
        )
        #expect(Comparison.classifierSeeds(of: sources, count: 1).allSatisfy { $0 == [0] })
    }

    @Test func theIntervalHoldsSeedsAndTestTextsAndAGroupTellsThemApart() throws {
        // Of 100 texts 80, 70 and 60 are right.
        let actual = (0..<100).map { $0 % 2 }
        let scores = [20, 30, 40].map { wrong in
            ClassificationScores(
                predicted: actual.enumerated().map { $0 < wrong ? 1 - $1 : $1 },
                actual: actual,
                classCount: 2
            )
        }
        var metrics = RowMetrics()
        metrics.fillFineTuned(
            "topic",
            seeds: [4, 5, 6],
            scores,
            testVariances: (accuracy: 0.0009, macroF1: 0)
        )
        #expect(metrics.fineTunedSeeds == [4, 5, 6])
        #expect(metrics.fineTunedAccuracySeeds?["topic"] == [0.8, 0.7, 0.6])
        let value = try #require(metrics.fineTunedAccuracy?["topic"])
        // Rounding of a mean of three.
        #expect(abs(value - 0.7) < 1e-12)
        // The seeds' variance is 0.01.
        let reach = 1.96 * (0.01 + 0.0009).squareRoot()
        let interval = try #require(metrics.fineTunedAccuracyInterval?["topic"])
        #expect(
            abs(interval[0] - (0.7 - reach)) < 1e-12 && abs(interval[1] - (0.7 + reach)) < 1e-12
        )
        let group = try #require(GroupMetrics(of: [metrics]).fineTunedAccuracy["topic"])
        #expect(group.interval == interval)
        #expect(abs((group.testDeviation ?? 0) - 0.03) < 1e-9)
    }
}
