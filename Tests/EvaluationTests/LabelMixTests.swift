import Kernels
import SeededRandomness
import Testing

@testable import Evaluation

@Suite struct LabelMixTests {
    private let parallel = ParallelFor(threadCount: 2)

    @Test func distanceIsTheShareThatWouldNeedAnotherLabel() {
        let even = LabelMix([0, 1, 2, 3], classCount: 4)
        let skewed = LabelMix([0, 0, 0, 1], classCount: 4)
        #expect(even.distance(to: skewed) == 0.5)
        #expect(LabelMix([nil, 9, 1], classCount: 2).counts == [0, 1])
    }

    /// 200 pairs of samples of one mix: differences beyond twice the expected one come from chance in
    /// less than one pair of 10,000.
    @Test func samplesOfOneMixDoNotDifferAndOthersDo() {
        var generator = SplitMix64(seed: 4, stream: 0)
        func sample(_ count: Int, among classes: Int) -> LabelMix {
            LabelMix(
                (0..<count).map { _ in Int.random(in: 0..<classes, using: &generator) },
                classCount: 40
            )
        }
        for _ in 0..<200 {
            #expect(!sample(300, among: 40).differs(from: sample(500, among: 40)))
        }
        #expect(sample(300, among: 20).differs(from: sample(500, among: 40)))
        let nothing = LabelMix([nil], classCount: 40)
        #expect(!nothing.differs(from: sample(9, among: 40)))
    }

    @Test func resamplingGivesTheMixAndUsesEveryTextBeforeOneTwice() {
        let classes = (0..<100).map { $0 < 80 ? 0 : $0 < 95 ? 1 : 2 }
        let target = LabelMix((0..<40).map { $0 % 4 == 0 ? 0 : 1 }, classCount: 4)
        let members = target.resampled(Array(0..<100), classes: classes, seed: 1)
        #expect(LabelMix(members.map { classes[$0] }, classCount: 4).counts == [25, 75, 0, 0])
        #expect(Set(members.filter { classes[$0] == 0 }).count == 25)
        let uses = Dictionary(grouping: members.filter { classes[$0] == 1 }) { $0 }.mapValues(
            \.count
        )
        #expect(uses.count == 15 && uses.values.allSatisfy { $0 == 5 })
        #expect(members == target.resampled(Array(0..<100), classes: classes, seed: 1))
        #expect(members != target.resampled(Array(0..<100), classes: classes, seed: 2))
        // What has no text is left out, and its share goes to the others.
        let absent = LabelMix([3, 3, 0], classCount: 4)
        let left = absent.resampled([0, 1], classes: classes, seed: 1)
        #expect(left.sorted() == [0, 1])
    }

    /// The same texts with the third label rare: the row's mix is flagged, and at the test's mix it is
    /// judged as if it were even.
    @Test func aRowWithAnotherMixIsFlaggedAndJudgedAtTheTestsToo() throws {
        let fixture = try ReferenceFixture.load()
        var inputs = try ComparisonFixture.inputs()
        let labels = Set(fixture.trainLabels).sorted()
        let rare = fixture.train.indices.filter { fixture.trainLabels[$0] == labels[2] }
        let kept = fixture.train.indices.filter { !rare.dropFirst(8).contains($0) }
        inputs.synthetic[0] = SyntheticSet(
            name: "skewed",
            set: ComparisonFixture.set(
                kept.map { fixture.train[$0] },
                kept.map { fixture.trainLabels[$0] }
            )
        )
        inputs.synthetic[1].set = inputs.realTest
        let report = try Comparison(inputs: inputs, parallel: parallel).run()
        let skewed = report.rows[3]
        #expect(skewed.flags.contains { $0.contains("\"topic\" are mixed otherwise") })
        #expect(!report.rows[4].flags.contains { $0.contains("mixed otherwise") })
        #expect(report.rows[4].metrics.labelMixDistance == ["topic": 0])
        #expect((skewed.metrics.labelMixDistance?["topic"] ?? 0) > 0.2)
        // All rows with texts, so that they can be compared at one mix.
        for row in report.rows.dropFirst() {
            #expect(row.metrics.equalMix?.accuracy["topic"] != nil, "\(row.name)")
            let mix = try #require(row.metrics.labelMix?["topic"])
            #expect(mix.map(\.label) == labels && abs(mix.reduce(0) { $0 + $1.share } - 1) < 1e-12)
        }
        let even = try #require(skewed.metrics.equalMix?.accuracy["topic"])
        #expect(even > skewed.metrics.judgedAccuracy["topic"] ?? 1)
        let html = report.html()
        #expect(html.contains("Accuracy, test mix") && html.contains("Labels: topic"))
        #expect(report.markdown().contains("| differs by | – | "))
        inputs.synthetic.removeFirst()
        inputs.realTrain = inputs.realTest
        inputs.untunedBase = inputs.realTest
        let equal = try Comparison(inputs: inputs, parallel: parallel).run()
        #expect(equal.rows.allSatisfy { $0.metrics.equalMix == nil })
        #expect(!equal.html().contains("test mix"))
    }

    /// A value that is neither public nor in any synthetic text is not named.
    @Test func onlyValuesThatAreOutAlreadyAreNamed() throws {
        var inputs = try ComparisonFixture.inputs()
        inputs.realTest.labels["topic"]?[0] = "quoxlabel"
        inputs.realTrain?.labels["topic"]?[0] = "quoxlabel"
        let report = try Comparison(inputs: inputs, parallel: parallel).run()
        func everything(_ report: ComparisonReport) throws -> String {
            try report.html() + report.markdown()
                + String(decoding: report.numbersJSON(), as: UTF8.self)
                + report.verdicts.map(\.text).joined()
        }
        #expect(try !everything(report).contains("quox"))
        #expect(try everything(report).contains("value 4"))
        inputs.labelValues = ["topic": Set(inputs.realTest.labels["topic"] ?? []).sorted()]
        let stated = try Comparison(inputs: inputs, parallel: parallel).run()
        #expect(try everything(stated).contains("quoxlabel"))
    }
}
