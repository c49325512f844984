import Foundation
import Kernels
import LanguageModel
import Testing

@testable import Evaluation

@Suite struct MembershipClosenessTests {
    private let parallel = ParallelFor(threadCount: 2)

    @Test func theAreaIsTheMannWhitneyStatistic() throws {
        let fixture = try JudgeFixture.load()
        let closeness = try #require(
            MembershipCloseness(training: fixture.trained, heldOut: fixture.held)
        )
        // The fixture's values have two decimals, so ties are among them.
        #expect(abs(closeness.auc - fixture.auc) < 1e-12)
        #expect(closeness.trainingRecords == 90 && closeness.heldOutRecords == 70)
        // DeLong's variance by its definition, pair by pair.
        func psi(_ x: Double, _ y: Double) -> Double { x < y ? 1 : x == y ? 0.5 : 0 }
        let ofTrained = fixture.trained.map { x in
            fixture.held.reduce(0) { $0 + psi(x, $1) } / 70
        }
        let ofHeld = fixture.held.map { y in fixture.trained.reduce(0) { $0 + psi($1, y) } / 90 }
        let variance =
            ClassifierTest.variance(ofTrained) / 90 + ClassifierTest.variance(ofHeld) / 70
        #expect(abs(closeness.interval[0] - (fixture.auc - 1.96 * variance.squareRoot())) < 1e-12)
        #expect(abs(closeness.interval[1] - (fixture.auc + 1.96 * variance.squareRoot())) < 1e-12)
    }

    @Test func separatedDistancesAreACertainLeak() throws {
        let closeness = try #require(
            MembershipCloseness(training: [0, 0, 0.1], heldOut: [0.5, 0.6, 0.7, 0.8])
        )
        #expect(closeness.auc == 1 && closeness.truePositiveRate == 1)
        #expect(closeness.trainingDistance == 0 && abs(closeness.heldOutDistance - 0.65) < 1e-12)
        let same = try #require(MembershipCloseness(training: [1, 1, 1], heldOut: [1, 1, 1]))
        #expect(same.auc == 0.5 && same.truePositiveRate == 0)
        #expect(MembershipCloseness(training: [1], heldOut: [1, 2]) == nil)
    }

    /// 150 of the 300 training texts are copied, word for word: the row must be found out, and one that
    /// copies nothing of them must not.
    @Test func aCopiedCorpusIsFoundOutAndHeldOutTextIsNot() throws {
        let fixture = try ReferenceFixture.load()
        var inputs = try ComparisonFixture.inputs()
        let half = fixture.test.count / 2
        inputs.realTest = ComparisonFixture.set(
            fixture.test.prefix(half),
            fixture.testLabels.prefix(half)
        )
        let others = ComparisonFixture.set(
            fixture.test.suffix(half).map { $0 + " then" },
            fixture.testLabels.suffix(half)
        )
        let copies = ComparisonFixture.set(
            fixture.train.prefix(half),
            fixture.trainLabels.prefix(half)
        )
        inputs.realTrain = ComparisonFixture.set(
            fixture.train.prefix(half + 20),
            fixture.trainLabels.prefix(half + 20)
        )
        inputs.synthetic = [
            SyntheticSet(name: "copies", set: copies), SyntheticSet(name: "others", set: others),
        ]
        let report = try Comparison(inputs: inputs, parallel: parallel).run()
        let closeness = try report.rows.suffix(2).map { try #require($0.metrics.closeness) }
        #expect(closeness[0].interval[0] > 0.6 && closeness[0].trainingDistance < 1e-3)
        #expect(closeness[1].interval[0] < 0.5)
        #expect(report.row(.real)?.metrics.closeness == nil)
        #expect(report.verdicts[0].warning.contains("lie nearer"))
        #expect(report.verdicts[0].text.contains(report.verdicts[0].warning))
        #expect(report.verdicts[1].warning.isEmpty)
        for page in [report.html(), report.markdown()] {
            #expect(page.contains("Closeness to the private text"))
            #expect(page.contains("no nearer to records that were trained on than to others"))
        }
        inputs.realTrain = nil
        let without = try Comparison(inputs: inputs, parallel: parallel).run()
        #expect(without.rows.allSatisfy { $0.metrics.closeness == nil })
    }

    @Test func testTextsInTheTrainingFileAreCountedAndSaid() throws {
        var inputs = try ComparisonFixture.inputs()
        let free = try Comparison(inputs: inputs, parallel: parallel).run()
        let before = try #require(free.context.testTextsInTraining)
        inputs.realTrain?.texts[0] = inputs.realTest.texts[0]
        inputs.realTrain?.texts[1] = "  " + inputs.realTest.texts[1].uppercased() + "!!"
        inputs.realTest.texts[2] = "!?!"
        inputs.realTrain?.texts[2] = "?!"
        let report = try Comparison(inputs: inputs, parallel: parallel).run()
        let found = try #require(report.context.testTextsInTraining)
        #expect(found.exact == before.exact + 1)
        #expect(found.normalised == before.normalised + 2)
        #expect(found.testTexts == 120)
        let warning = try #require(found.warning)
        #expect(report.html().contains(warning) && report.markdown().contains(warning))
        #expect(TestTextsInTraining(exact: 0, isNormalised: [false, false]).warning == nil)
        let numbers = String(decoding: try report.numbersJSON(), as: UTF8.self)
        #expect(numbers.contains("\"test_texts_in_training\""))
    }
}
