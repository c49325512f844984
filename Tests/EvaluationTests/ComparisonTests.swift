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

    @Test func barePrefixedAndOddLabelsMeetTheirClass() {
        let reviews = LabelAlignment(values: ["Stars: 5.0", "Area: 8: accept, good", "Stars: 1.0"])
        #expect(reviews.classIndex(of: "5.0") == 0)
        #expect(reviews.classIndex(of: "Stars: 1.0") == 2)
        #expect(reviews.classIndex(of: "8: accept, good") == 1)
        #expect(reviews.classIndex(of: "Rating: 5.0") == 0)
        #expect(reviews.classIndex(of: "2.0") == nil)
        let bare = LabelAlignment(values: ["5.0", "8: accept, good"])
        #expect(bare.classIndex(of: "Stars: 5.0") == 0)
        #expect(bare.classIndex(of: "Area: 8: accept, good") == 1)
        let twins = LabelAlignment(values: ["Food: good", "Room: good"])
        #expect(twins.classIndex(of: "good") == nil)
        #expect(twins.classIndex(of: "Room: good") == 1)
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
