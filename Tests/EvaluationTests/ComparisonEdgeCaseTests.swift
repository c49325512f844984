import Kernels
import LanguageModel
import Testing

@testable import Evaluation

@Suite struct ComparisonEdgeCaseTests {
    private let parallel = ParallelFor(threadCount: 2)

    private func flags(_ set: TextSet, claim: PrivacyClaim? = nil) throws -> [String] {
        var inputs = try ComparisonFixture.inputs()
        inputs.synthetic[1] = SyntheticSet(name: "odd", set: set, claim: claim)
        let report = try Comparison(inputs: inputs, parallel: parallel).run()
        return try #require(report.rows.last).flags
    }

    @Test(arguments: [["", " \n", "\t"], []])
    func aSetWithoutTextsIsAnError(texts: [String]) throws {
        var inputs = try ComparisonFixture.inputs()
        inputs.synthetic[0].set = TextSet(texts: texts, labels: ["topic": texts])
        #expect(throws: EvaluationError.noTexts(set: "a")) {
            try Comparison(inputs: inputs, parallel: parallel)
        }
        #expect("\(EvaluationError.noTexts(set: "a"))".hasPrefix("a holds no usable text"))
    }

    @Test(arguments: ["a", "real", "majority-class", "untuned-base"])
    func aNameInUseIsAnError(name: String) throws {
        var inputs = try ComparisonFixture.inputs()
        inputs.synthetic[1].name = name
        #expect(throws: EvaluationError.duplicateName(name)) {
            try Comparison(inputs: inputs, parallel: parallel)
        }
    }

    @Test func unequalCountsMissingColumnsAndNoSeedsAreErrors() throws {
        var inputs = try ComparisonFixture.inputs()
        inputs.synthetic[0].set.labels["topic"] = ["x"]
        #expect(
            throws: EvaluationError.labelCountMismatch(
                set: "a",
                column: "topic",
                texts: 150,
                labels: 1
            )
        ) { try Comparison(inputs: inputs, parallel: parallel) }
        inputs = try ComparisonFixture.inputs()
        inputs.labelColumns = ["mood"]
        #expect(throws: EvaluationError.missingTestLabels(column: "mood")) {
            try Comparison(inputs: inputs, parallel: parallel)
        }
        inputs = try ComparisonFixture.inputs()
        inputs.seeds = []
        #expect(throws: EvaluationError.noSeeds) {
            try Comparison(inputs: inputs, parallel: parallel)
        }
    }

    @Test func missingAndUnknownClassesAreFlaggedWithoutQuotingThem() throws {
        let fixture = try ReferenceFixture.load()
        let labels = fixture.trainLabels.map { $0 == "Topic: music" ? "secret-label" : $0 }
        let found = try flags(ComparisonFixture.set(fixture.train, labels))
        #expect(
            found.contains {
                $0.contains("carry a label outside the values that the real test texts have")
            }
        )
        #expect(found.contains { $0.contains("1 of 3 classes of \"topic\" have no text") })
        #expect(!found.joined().contains("secret-label"))
    }

    @Test func aSetWithoutTheColumnIsMeasuredWithoutAClassifier() throws {
        var inputs = try ComparisonFixture.inputs()
        inputs.synthetic[1] = SyntheticSet(
            name: "plain",
            set: TextSet(texts: inputs.realTest.texts)
        )
        let row = try #require(try Comparison(inputs: inputs, parallel: parallel).run().rows.last)
        #expect(row.metrics.accuracy.isEmpty)
        #expect(row.metrics.fid != nil)
        #expect(row.flags.contains { $0.contains("has no label column \"topic\"") })
        #expect(row.flags.contains("no privacy guarantee is stated"))
    }

    @Test func threeTextsHaveNoNeighboursAndSaySo() throws {
        let few = TextSet(
            texts: ["one rose", "two trains", "a violin"],
            labels: ["topic": ["Topic: garden", "Topic: travel", "Topic: music"]]
        )
        let found = try flags(few)
        #expect(found.contains("fewer than 20 texts: no MAUVE"))
        #expect(found.contains { $0.hasPrefix("no more texts than neighbours") })
    }

    @Test func textsInAnotherScriptAreFlaggedAndCountedByCharacter() throws {
        let found = try flags(
            ComparisonFixture.set(
                Array(repeating: "猫が好きです。犬も好きです", count: 130),
                Array(repeating: "Topic: garden", count: 130)
            )
        )
        #expect(found.contains { $0.hasPrefix("100 % of the letters are not Latin") })
        #expect(found.contains { $0.contains("counted by character") })
    }

    @Test func unequalGuaranteesAreFlaggedOnBothRows() throws {
        let report = try Comparison(inputs: ComparisonFixture.inputs(), parallel: parallel).run()
        let first = report.rows[3].flags
        let second = report.rows[4].flags
        #expect(first.contains("not at the same guarantee: δ is 10⁻⁶, for b it is 10⁻⁵"))
        #expect(second.contains("not at the same guarantee: δ is 10⁻⁵, for a it is 10⁻⁶"))
        #expect(second.contains("the guarantee is the user's claim; no manifest confirms it"))
        #expect(report.rows[3].notes[0].hasPrefix("150 texts, of which 120 are drawn"))
    }

    @Test func aMethodAloneAtItsBudgetIsFlagged() throws {
        let fixture = try ReferenceFixture.load()
        let set = ComparisonFixture.set(fixture.train, fixture.trainLabels)
        let found = try flags(set, claim: ComparisonFixture.claim(.infinity))
        #expect(found.contains("NOT PRIVATE: ε is infinite"))
        #expect(found.contains { $0.hasPrefix("no other method is given at ε = ∞") })
        let user = try flags(set, claim: ComparisonFixture.claim(8.02, unit: .user))
        #expect(
            user == ["not at the same guarantee: the privacy unit is user, for a it is record"]
        )
    }

    @Test func anEmbedderThatReturnsNonsenseIsAnError() throws {
        struct Broken: TextEmbedder {
            let name = "broken"
            let dimension = 2
            let fingerprint: [UInt8] = []
            func embed(_ texts: [String], parallel: ParallelFor) throws -> Embeddings {
                let values = FloatBuffer(count: texts.count * 2)
                values[5] = .nan
                return Embeddings(values: values, count: texts.count, dimension: 2)
            }
        }
        var inputs = try ComparisonFixture.inputs()
        inputs.embedder = Broken()
        #expect(
            throws: EvaluationError.unusableEmbeddings(
                set: "the real test texts",
                reason: "the vector of text 3 is not finite"
            )
        ) { try Comparison(inputs: inputs, parallel: parallel).run() }
    }
}
