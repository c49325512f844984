import Foundation
import Kernels
import Testing

@testable import Evaluation

@Suite struct ComparisonTests {
    private let parallel = ParallelFor(threadCount: 2)

    @Test func everyReportHasTheReferencesAndEachMethodInOrder() throws {
        let report = try Comparison(inputs: ComparisonFixture.inputs(), parallel: parallel).run()
        #expect(report.rows.map(\.name) == ["majority-class", "real", "untuned-base", "a", "b"])
        #expect(report.context.textsPerRow == 120)
        #expect(report.rows.dropFirst().allSatisfy { $0.texts == 120 })
    }

    /// The row `real` trains on the fixture's training texts, as scikit-learn did.
    @Test func theRealRowEqualsScikitLearns() throws {
        let fixture = try ReferenceFixture.load()
        var inputs = try ComparisonFixture.inputs()
        inputs.synthetic = [SyntheticSet(name: "copy", set: inputs.realTrain ?? inputs.realTest)]
        inputs.untunedBase = nil
        let report = try Comparison(inputs: inputs, parallel: parallel).run()
        for row in report.rows where row.name == "real" || row.name == "copy" {
            #expect(abs((row.metrics.accuracy["topic"] ?? 0) - fixture.classifier.accuracy) < 1e-12)
            #expect(abs((row.metrics.macroF1["topic"] ?? 0) - fixture.classifier.macroF1) < 1e-12)
            #expect(row.metrics.accuracySeeds["topic"]?.count == 3)
        }
        let base = try #require(report.row(.untunedBase))
        #expect(base.texts == 0 && base.flags == ["no texts of the base model were given"])
        #expect(report.row(.real)?.metrics.lengthWasserstein == fixture.lengthWasserstein)
    }

    @Test func theMajorityRowIsTheLargestShareOfTheTestTexts() throws {
        let report = try Comparison(inputs: ComparisonFixture.inputs(), parallel: parallel).run()
        let labels = try ReferenceFixture.load().testLabels
        let largest = Dictionary(grouping: labels) { $0 }.values.map(\.count).max() ?? 0
        let expected = Double(largest) / Double(labels.count)
        let metrics = try #require(report.row(.majorityClass)?.metrics)
        #expect(metrics.accuracy["topic"] == expected)
        // One class of three with F1 = 2a / (1 + a).
        let f1 = 2 * expected / (1 + expected) / 3
        #expect(abs((metrics.macroF1["topic"] ?? 0) - f1) < 1e-12)
        #expect(metrics.mauve == nil && metrics.fid == nil)
    }

    @Test func numbersDoNotDependOnTheNumberOfThreads() throws {
        let inputs = try ComparisonFixture.inputs()
        let one = try Comparison(inputs: inputs, parallel: ParallelFor(threadCount: 1)).run()
        let two = try Comparison(inputs: inputs, parallel: parallel).run()
        #expect(one.rows == two.rows)
        #expect(one.html() == two.html())
    }

    @Test func withoutTrainingTextsHalfOfTheTestTextsStandsIn() throws {
        var inputs = try ComparisonFixture.inputs()
        inputs.realTrain = nil
        let real = try #require(
            try Comparison(inputs: inputs, parallel: parallel).run().row(.real)
        )
        #expect(real.texts == 60)
        #expect(real.flags.contains { $0.contains("no real training file") })
        #expect((real.metrics.accuracy["topic"] ?? 0) > 0.5)
        #expect(real.metrics.fid != nil)
    }

    /// Labels in any order of the file: halves by place gave 0 where they alternate and 1 where the
    /// file is sorted.
    @Test func theOrderOfTheTestFileDoesNotShowInTheRowReal() throws {
        let inputs = try ComparisonFixture.inputs()
        let values = try #require(inputs.realTest.labels["topic"])
        let sorted = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        // One of each label in turn.
        let turns = Dictionary(grouping: sorted) { values[$0] }.values
            .flatMap { $0.enumerated().map { ($0.offset, $0.element) } }
            .sorted { ($0.0, values[$0.1]) < ($1.0, values[$1.1]) }.map(\.1)
        let scores = try [Array(values.indices), sorted, turns].map { order in
            var changed = inputs
            changed.realTrain = nil
            changed.realTest = TextSet(
                texts: order.map { inputs.realTest.texts[$0] },
                labels: inputs.realTest.labels.mapValues { column in order.map { column[$0] } }
            )
            let row = try Comparison(inputs: changed, parallel: parallel).run().row(.real)
            return try #require(row?.metrics.accuracy["topic"])
        }
        // The halves are the same texts; only the order of the optimizer's sums differs.
        for score in scores { #expect(abs(score - scores[0]) <= 0.05, "\(scores)") }
    }

    @Test func halvesAreEvenInEveryLabelAndKeepEqualTextsTogether() {
        let texts = (0..<400).map { "text \($0 % 20 == 1 ? 0 : $0)" }
        let classes: [Int?] = (0..<400).map { $0 % 5 == 0 ? nil : $0 % 5 }
        let halves = RealHalves(texts: texts, classes: ["l": classes], seed: 3)
        #expect((halves.training + halves.judging).sorted() == Array(0..<400))
        let own = Set(halves.training.map { texts[$0] })
        #expect(halves.judging.allSatisfy { !own.contains(texts[$0]) })
        for value in Set(classes) {
            let trained = halves.training.count { classes[$0] == value }
            // Only the class of the 21 equal texts, which stay together, may be uneven.
            let slack = value == nil || value == 1 ? 21 : 1
            #expect(abs(2 * trained - classes.count { $0 == value }) <= slack)
        }
        #expect(
            RealHalves(texts: texts, classes: ["l": classes], seed: 4).training != halves.training
        )
    }

    @Test func progressCanStopARun() throws {
        struct Stop: Error {}
        let comparison = try Comparison(inputs: ComparisonFixture.inputs(), parallel: parallel)
        #expect(throws: Stop.self) {
            try comparison.run { if $0.finished == 2 { throw Stop() } }
        }
    }

    @Test func fullMetricsMeasureOverlapBesideTheHeldOutBaseline() throws {
        var inputs = try ComparisonFixture.inputs()
        inputs.metrics = .full
        let report = try Comparison(inputs: inputs, parallel: parallel).run()
        let held = try #require(report.context.heldOutOverlap)
        let copies = try #require(report.rows.last?.metrics.trainingOverlap)
        #expect(copies.nearDuplicateShare == 1)
        #expect(held.nearDuplicateShare < 0.2)
        #expect(report.rows.last?.metrics.selfBLEU != nil)
        #expect(report.row(.real)?.metrics.trainingOverlap == nil)
    }
}
