import Foundation
import Kernels
import SeededRandomness
import Testing

@testable import Evaluation

@Suite struct MethodVerdictTests {
    private func score(_ value: Double, _ reach: Double) throws -> VerdictScores.Score {
        try #require(
            VerdictScores.Score(
                RunStatistics([value], ownInterval: [value - reach, value + reach])
            )
        )
    }

    private func scores(
        _ method: (Double, Double),
        guess: (Double, Double) = (0.4, 0.01),
        real: (Double, Double)? = (0.6, 0.01),
        base: (Double, Double)? = nil
    ) throws -> VerdictScores {
        VerdictScores(
            method: try score(method.0, method.1),
            guess: try score(guess.0, guess.1),
            real: try real.map { try score($0.0, $0.1) },
            base: try base.map { try score($0.0, $0.1) },
            answer: "“5 stars”"
        )
    }

    @Test func theWordsSayWhatTheIntervalsCarry() throws {
        let none = try scores((0.41, 0.02))
        #expect(none.finding == .noBetterThanGuessing)
        #expect(
            none.sentence
                == "no better than always answering “5 stars”, as far as can be measured: accuracy "
                + "0.410 (0.390 to 0.430) against 0.400, 0.600 for real text."
        )
        let way = try scores((0.524, 0.02))
        #expect(way.finding == .betterThanGuessing)
        #expect(way.sentence.hasPrefix("reaches 62 % ("))
        #expect(way.sentence.contains(" of the way from guessing to real text: accuracy 0.524"))
        #expect(try scores((0.3, 0.02)).sentence.hasPrefix("worse than always answering “5 stars”"))
        #expect(try scores((0.59, 0.02)).sentence.hasPrefix("cannot be told from real text"))
        #expect(try scores((0.7, 0.02)).sentence.hasPrefix("teaches more than real text"))
        let same = try scores((0.5, 0.02), base: (0.49, 0.02)).sentence
        #expect(
            same.contains("is no better, as far as can be measured, than the untuned model (0.490)")
        )
        #expect(
            try scores((0.5, 0.02), base: (0.56, 0.02)).sentence.contains(
                "is worse than the untuned"
            )
        )
        #expect(try !scores((0.5, 0.02), base: (0.41, 0.02)).sentence.contains("untuned"))
        let hopeless = try scores((0.41, 0.02), real: (0.405, 0.02))
        #expect(hopeless.finding == .undecidable && hopeless.share == nil)
        #expect(hopeless.sentence.hasPrefix("cannot be judged: not even real text"))
        #expect(
            try scores((0.5, 0.02), real: nil).sentence.hasPrefix("better than always answering")
        )
    }

    /// The interval of the share holds exactly the t that the definition holds for.
    @Test func theIntervalOfTheShareIsFiellers() throws {
        var generator = SplitMix64(seed: 8, stream: 0)
        for _ in 0..<50 {
            let real = Double.random(in: 0.5...0.9, using: &generator)
            let reaches = (0..<3).map { _ in Double.random(in: 0.002...0.03, using: &generator) }
            let scores = try scores(
                (Double.random(in: 0.3...0.9, using: &generator), reaches[0]),
                guess: (0.4, reaches[1]),
                real: (real, reaches[2])
            )
            let (method, reference, guess) = try (
                scores.method, #require(scores.real), scores.guess
            )
            let share = try #require(scores.share)
            func isWithin(_ t: Double) -> Bool {
                let contrast = method.value - t * reference.value - (1 - t) * guess.value
                let square =
                    method.reach * method.reach + t * t * reference.reach * reference.reach
                    + (1 - t) * (1 - t) * guess.reach * guess.reach
                return contrast * contrast <= square
            }
            #expect(isWithin(share.value))
            for (end, outwards) in zip(share.interval, [-1.0, 1.0]) {
                #expect(isWithin(end - outwards * 1e-6) && !isWithin(end + outwards * 1e-6))
            }
        }
    }

    /// Over random scores, no finding claims more than its interval.
    @Test func noFindingClaimsMoreThanItsInterval() throws {
        var generator = SplitMix64(seed: 9, stream: 0)
        var seen: Set<MethodVerdict.Finding> = []
        for _ in 0..<400 {
            let values = (0..<3).map { _ in Double.random(in: 0.3...0.7, using: &generator) }
            let reaches = (0..<3).map { _ in Double.random(in: 0...0.1, using: &generator) }
            let scores = try scores(
                (values[0], reaches[0]),
                guess: (values[1], reaches[1]),
                real: (values[2], reaches[2])
            )
            func certain(_ a: Int, _ b: Int) -> Bool {
                values[a] - values[b]
                    > (reaches[a] * reaches[a] + reaches[b] * reaches[b]).squareRoot() - 1e-12
            }
            seen.insert(scores.finding)
            switch scores.finding {
            case .worseThanGuessing: #expect(certain(1, 0))
            case .noBetterThanGuessing: #expect(!certain(0, 1) && certain(2, 1))
            case .undecidable: #expect(!certain(0, 1) && !certain(2, 1))
            case .betterThanGuessing: #expect(certain(0, 1))
            case .likeRealText: #expect(certain(0, 1) && certain(2, 1) && !certain(0, 2))
            case .betterThanRealText: #expect(certain(0, 1) && certain(0, 2))
            }
        }
        #expect(seen.count == 6)
    }

    /// An interval that is cut off at 1 does not make a value look more certain than it is.
    @Test func anIntervalThatIsCutOffCountsWithItsLongerSide() throws {
        let score = try #require(
            VerdictScores.Score(RunStatistics([0.99], ownInterval: [0.93, 1]))
        )
        #expect(abs(score.reach - 0.06) < 1e-12)
    }

    @Test func aReportBeginsWithTheVerdictsOfAllColumns() throws {
        var inputs = try ComparisonFixture.inputs()
        func second(_ set: TextSet) -> TextSet {
            var set = set
            set.labels["even"] = set.texts.indices.map { $0 % 2 == 0 ? "yes" : "no" }
            return set
        }
        inputs.realTest = second(inputs.realTest)
        inputs.realTrain = inputs.realTrain.map(second)
        inputs.untunedBase = inputs.untunedBase.map(second)
        for place in inputs.synthetic.indices {
            inputs.synthetic[place].set = second(inputs.synthetic[place].set)
        }
        inputs.labelColumns = ["topic", "even"]
        let report = try Comparison(inputs: inputs, parallel: ParallelFor(threadCount: 2)).run()
        #expect(report.verdicts.map(\.name) == ["a", "b"])
        for verdict in report.verdicts {
            #expect(verdict.columns.map(\.column) == ["topic", "even"])
            // Whether a text stands at an even place cannot be learned from it.
            #expect(verdict.columns[1].finding == .undecidable)
            #expect(verdict.likeness.contains("MAUVE") && verdict.text.contains(verdict.likeness))
            let html = report.html()
            let text = HTMLText.escaped(verdict.text)
            let place = try #require(html.range(of: text)).lowerBound
            let heading = try #require(html.range(of: "</h1>")).lowerBound
            let scale = try #require(html.range(of: "Every row is measured on")).lowerBound
            let table = try #require(html.range(of: "<table")).lowerBound
            #expect(heading < place && place < scale && place < table)
            let markdown = report.markdown()
            let line = try #require(markdown.range(of: verdict.text)).lowerBound
            #expect(try line < #require(markdown.range(of: "Every row is measured on")).lowerBound)
        }
        let numbers = try #require(
            try JSONSerialization.jsonObject(with: report.numbersJSON()) as? [String: Any]
        )
        let verdicts = try #require(numbers["verdicts"] as? [[String: Any]])
        #expect(verdicts.compactMap { $0["text"] as? String } == report.verdicts.map(\.text))
        let column = try #require((verdicts[0]["columns"] as? [[String: Any]])?.first)
        #expect((column["share_interval"] as? [Double])?.count == 2)
    }

    @Test func withoutLabelsAVerdictSpeaksOfLikenessAlone() throws {
        var inputs = try ComparisonFixture.inputs()
        inputs.labelColumns = []
        inputs.realTrain = nil
        let report = try Comparison(inputs: inputs, parallel: ParallelFor(threadCount: 2)).run()
        #expect(report.verdicts[0].columns.isEmpty)
        #expect(report.verdicts[0].text == report.verdicts[0].likeness)
        #expect(report.verdicts[0].text.hasPrefix("Likeness to real text: MAUVE"))
    }
}
