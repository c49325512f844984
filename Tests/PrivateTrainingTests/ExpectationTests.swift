import Corpus
import DifferentialPrivacy
import Kernels
import LanguageModel
import Testing
import Training

@testable import PrivateTraining

// The testing library has another one.
private typealias Expectation = PrivateTraining.Expectation

/// What can be expected of a training, and what a model makes of its own texts.
@Suite struct ExpectationTests {
    private func outline(
        _ unitCount: Int,
        _ epsilon: Double,
        values: Int,
        tokens: Double?
    ) -> Expectation.Outline {
        .init(
            unitCount: unitCount,
            epsilon: epsilon,
            base: "base",
            valueCount: values,
            meanTokens: tokens
        )
    }

    @Test func reviewsWithStarsAndManyIntentsAreWarnedOf() {
        let reviews = Expectation(outline(5_000, 8, values: 5, tokens: 135))
        #expect(reviews.level == (.guessing, .guessing))
        // Where the length is not known it may be such a corpus.
        #expect(Expectation(outline(5_000, 8, values: 5, tokens: nil)).level.ifLong == .guessing)
        let intents = Expectation(outline(2_000, 8, values: 77, tokens: 28))
        #expect(intents.level == (.guessing, .guessing) && intents.measured == nil)
        // That was measured, and taught a third of the way.
        let many = Expectation(outline(10_003, 8, values: 77, tokens: 28))
        #expect(many.level == (.labels, .labels) && many.measured?.accuracy == 0.233)
        #expect(Expectation(outline(1_000, 0.5, values: 4, tokens: 30)).level.ifShort == .base)
    }

    @Test func onlyWhatWasMeasuredIsCalledMeasured() {
        for run in MeasuredRun.all {
            var same = outline(
                run.unitCount,
                run.epsilon,
                values: run.valueCount,
                tokens: run.meanTokens
            )
            same.hasAdapters = run.loraRank != nil
            let found = Expectation(same)
            #expect(found.measured == run && found.nearest == run)
            #expect(found.level == (run.level, run.level))
            same.base = nil
            #expect(Expectation(same).measured == nil)
            same.base = "base"
            same.unitCount *= 50
            #expect(Expectation(same).measured == nil)
        }
        #expect(Expectation(outline(25_000, 8, values: 4, tokens: 100)).measured == nil)
        #expect(Expectation(outline(10_000, 8, values: 20, tokens: 30)).measured == nil)
        #expect(Expectation(outline(10_000, 8, values: 4, tokens: nil)).measured == nil)
    }

    /// 80 · K · t / ε and 500 · K · t / ε.
    @Test func theRuleIsMonotone() {
        let rule = Expectation(outline(100, 8, values: 5, tokens: 140))
        #expect(rule.units(for: .base, tokens: 140) == 7_000)
        #expect(rule.units(for: .labels, tokens: 140) == 43_750)
        let harder = [
            outline(100, 4, values: 5, tokens: 140), outline(100, 8, values: 6, tokens: 140),
        ]
        for harder in harder.map(Expectation.init) {
            #expect(harder.units(for: .base, tokens: 140) > 7_000)
        }
        #expect(rule.units(for: .base, tokens: 200) > 7_000)
        #expect(
            Expectation(outline(100, .infinity, values: 5, tokens: 9)).units(
                for: .labels,
                tokens: 9
            )
                == 0
        )
    }

    /// Random weights make no difference between labels that is more than chance, or little more.
    @Test func aModelsOwnTextsAreJudgedTheSameWayEachTimeAndForNothing() throws {
        let workspace = try RunWorkspace()
        let model = try TokenizedModel(folder: workspace.folder + "/model")
        let measure = LabelSeparationMeasure(
            tokenizer: model.tokenizer,
            labels: try LabelSet(columns: ["a", "b"], values: [["x", "y", "z"], ["only"]]),
            sequenceLength: 24,
            textCount: 30,
            key: TinyTrainer.key(0),
            parallel: ParallelFor(threadCount: 2)
        )
        let first = try #require(try measure.columns(of: model.parameters) { false })
        #expect(first == (try measure.columns(of: model.parameters) { false }))
        #expect(first.map(\.column) == ["a"] && first[0].choices == 3)
        #expect(first[0].texts > 0 && (0...1).contains(first[0].told))
        // Random weights end few texts: how long they would have been is not known.
        #expect(first[0].meanTokens == nil)
        #expect(try measure.columns(of: model.parameters) { true } == nil)
    }

    @Test func labelsThatChangeNothingAreToldByChance() throws {
        let workspace = try RunWorkspace {
            $0.values.store([Float](repeating: 0, count: $0.values.count), at: 0)
        }
        let model = try TokenizedModel(folder: workspace.folder + "/model")
        let measure = LabelSeparationMeasure(
            tokenizer: model.tokenizer,
            labels: try LabelSet(columns: ["a"], values: [["v", "w", "x", "y", "z"]]),
            sequenceLength: 24,
            textCount: 20,
            key: TinyTrainer.key(0),
            parallel: ParallelFor(threadCount: 1)
        )
        // Zero weights find all texts alike: every text is a tie of four labels.
        let found = try #require(try measure.columns(of: model.parameters) { false }?.first)
        #expect(found.told == 0.25 && !found.showsLabels && abs(found.natsPerToken) < 1e-12)
    }

    @Test func aFinishedRunGetsAVerdictThatReadsNoRecordAndStays() throws {
        let workspace = try RunWorkspace()
        let request = workspace.request()
        try workspace.run(request)
        var again = request
        again.run.resumes = true
        let run = try FineTuning(again)
        let verdict = try #require(try run.verdict { false })
        #expect(verdict.columns.map(\.column) == ["topic"] && verdict.step == 6)
        let stored = RunVerdict.read(
            from: request.run.folder,
            of: run.description.runIdentifier,
            step: 6
        )
        #expect(stored == verdict)
        #expect(RunVerdict.read(from: request.run.folder, of: "another", step: 6) == nil)
        #expect(run.reading.read == 12 && run.reading.droppedCount == 0)
    }
}
