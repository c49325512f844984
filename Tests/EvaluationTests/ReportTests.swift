import Foundation
import Kernels
import Testing

@testable import Evaluation

@Suite struct ReportTests {
    private let parallel = ParallelFor(threadCount: 2)

    @Test func numbersHaveTheContractsKeys() throws {
        var inputs = try ComparisonFixture.inputs()
        inputs.synthetic[1].claim = ComparisonFixture.claim(.infinity)
        let report = try Comparison(inputs: inputs, parallel: parallel).run()
        let object = try #require(
            try JSONSerialization.jsonObject(with: report.numbersJSON()) as? [String: Any]
        )
        let rows = try #require(object["rows"] as? [[String: Any]])
        #expect(rows.compactMap { $0["name"] as? String } == report.rows.map(\.name))
        let metrics = try #require(rows[3]["metrics"] as? [String: Any])
        for key in [
            "mauve", "fid", "precision", "recall", "f1", "length_wasserstein", "distinct_n",
        ] { #expect(metrics[key] is Double, "\(key)") }
        for key in ["accuracy", "macro_f1"] {
            #expect((metrics[key] as? [String: Double])?.keys.sorted() == ["topic"])
        }
        #expect((rows[4]["privacy"] as? [String: Any])?["epsilon"] as? String == "inf")
    }

    @Test func noRealTextAppearsInAnyReport() throws {
        var inputs = try ComparisonFixture.inputs()
        inputs.metrics = .full
        inputs.realTest.texts[0] = "quoxtest appears in the private test text"
        inputs.realTrain?.texts[0] = "quoxtrain appears in the private training text"
        let report = try Comparison(inputs: inputs, parallel: parallel).run()
        let all =
            try report.html() + report.markdown()
            + String(decoding: report.numbersJSON(), as: UTF8.self)
        #expect(!all.contains("quox"))
    }

    @Test func everythingFromOutsideIsEscaped() throws {
        var inputs = try ComparisonFixture.inputs()
        let attack = "<script>alert('x')</script> & \"quoted\" words that are long enough \u{202E}"
        inputs.synthetic[0] = SyntheticSet(
            name: "<b>bold</b>|",
            set: ComparisonFixture.set(
                Array(repeating: attack, count: 130),
                Array(repeating: "Topic: music", count: 130)
            ),
            notes: ["<i>note</i>"]
        )
        let report = try Comparison(inputs: inputs, parallel: parallel).run()
        let html = report.html()
        for part in ["<script", "<b>", "<i>", "\u{202E}"] { #expect(!html.contains(part)) }
        #expect(
            html.contains(
                "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;"
            )
        )
        #expect(report.markdown().contains("| &lt;b>bold&lt;/b>\\| † |"))
    }

    @Test func thePageNeedsNoOtherFile() throws {
        let html = try Comparison(inputs: ComparisonFixture.inputs(), parallel: parallel).run()
            .html()
        for part in ["http:", "https:", "src=", "href=", "url(", "@import"] {
            #expect(!html.contains(part), "\(part)")
        }
        #expect(html.components(separatedBy: "<svg").count > 3)
        #expect(
            html.components(separatedBy: "<svg").count
                == html.components(separatedBy: "</svg>").count
        )
        #expect(html.contains("differentially private"))
    }

    /// Every colour of page and drawings is a variable that has a value for dark screens, so that nothing
    /// is black on black.
    @Test func darkScreensHaveColoursOfTheirOwn() throws {
        let html = try Comparison(inputs: ComparisonFixture.inputs(), parallel: parallel).run()
            .html()
        let style = try #require(html.components(separatedBy: "</style>").first)
        let parts = style.components(separatedBy: "prefers-color-scheme: dark")
        #expect(parts.count == 2)
        func variables(_ text: String) -> [String: String] {
            Dictionary(
                text.matches(of: /--([a-z0-9-]+): (#[0-9a-f]{6});/).map {
                    (String($0.output.1), String($0.output.2))
                },
                uniquingKeysWith: { first, _ in first }
            )
        }
        let (light, dark) = (variables(parts[0]), variables(parts[1]))
        #expect(light.count > 10 && Set(light.keys) == Set(dark.keys))
        for (name, color) in light { #expect(dark[name] != color, "\(name)") }
        // Outside the two lists a colour occurs as the fallback of a variable alone.
        let rest = html.replacing(/--[a-z0-9-]+: #[0-9a-f]{6};/, with: "")
            .replacing(/var\(--([a-z0-9-]+), #[0-9a-f]{6}\)/, with: "")
        #expect(rest.firstMatch(of: /[: "](#[0-9a-f]{3,6})[;" ]/) == nil)
        for use in html.matches(of: /var\(--([a-z0-9-]+)/) {
            #expect(light[String(use.output.1)] != nil, "\(use.output.1)")
        }
    }

    @Test func aRunsBudgetIsDrawnOverItsSteps() throws {
        var inputs = try ComparisonFixture.inputs()
        inputs.progress = [
            RunProgress(
                row: "a",
                unit: "steps",
                points: [.init(done: 50, epsilon: 5), .init(done: 200, epsilon: 8)]
            )
        ]
        let report = try Comparison(inputs: inputs, parallel: parallel).run()
        let svg = try #require(ProgressChart(report: report).svg)
        #expect(report.html().contains(svg) && svg.contains(">200 steps<"))
        // A quarter of the way at ε = 5 of 8: 56 + 484 / 4 across, 226 − 206 · 5/8 up.
        #expect(svg.contains("points=\"56,226 177,97.25 540,20\""))
        let numbers = String(decoding: try report.numbersJSON(), as: UTF8.self)
        #expect(numbers.contains("\"progress\""))
        inputs.progress = []
        let without = try Comparison(inputs: inputs, parallel: parallel).run()
        #expect(!without.html().contains("How the budget was spent"))
    }

    @Test func textsAreShownWithTheirLabels() throws {
        var inputs = try ComparisonFixture.inputs()
        inputs.seeds = [1]
        let report = try Comparison(inputs: inputs, parallel: parallel).run()
        #expect(report.figures.samples.map(\.group) == [0, 1])
        for (group, texts) in report.figures.samples {
            #expect(texts.count == 8)
            // By turns from each label, so that all three are among them.
            #expect(Set(texts.map(\.labels)).count == 3)
            let set = inputs.synthetic[group].set
            for text in texts {
                let place = try #require(set.texts.firstIndex(of: text.text))
                #expect(text.labels == [set.labels["topic"]?[place]])
                #expect(report.html().contains("<strong>\(text.labels[0])</strong> "))
            }
        }
    }

    @Test func everyLabelHasItsScores() throws {
        let report = try Comparison(inputs: ComparisonFixture.inputs(), parallel: parallel).run()
        let row = try #require(report.row(.untunedBase))
        let scores = try #require(row.metrics.labelScores?["topic"])
        #expect(scores.map(\.label) == report.context.labels["topic"])
        let labels = try ReferenceFixture.load().testLabels
        for score in scores { #expect(score.support == labels.count { $0 == score.label }) }
        let mean = scores.reduce(0) { $0 + $1.f1 } / 3
        #expect(abs(mean - (row.metrics.tuned?.macroF1["topic"] ?? 0)) < 1e-12)
        let cell =
            "| \(ReportNumber.fixed(scores[0].f1, 2)) (\(ReportNumber.fixed(scores[0].precision, 2)), "
        let lines = report.markdown().split(separator: "\n")
        let line = try #require(
            lines.first { $0.hasPrefix("| \(scores[0].label) | \(scores[0].support) |") }
        )
        #expect(line.contains(cell))
    }

    @Test func everySeedIsListedAndTheCaptionSaysWhatItsValuesAre() throws {
        var inputs = try ComparisonFixture.inputs()
        inputs.seeds = [3, 11, 20]
        let report = try Comparison(inputs: inputs, parallel: parallel).run()
        let (markdown, html) = (report.markdown(), report.html())
        for page in [markdown, html] {
            #expect(page.contains("resampling the training texts (seeds 3, 11, 20)"))
            #expect(page.contains(ReportMethod.seedsCaption))
        }
        #expect(ReportMethod.seedsCaption.contains("may differ"))
        // One column a seed, and in each row a value for every seed.
        let table = try #require(markdown.components(separatedBy: "## Every seed\n\n").last)
        let lines = table.components(separatedBy: "\n\n")[0].split(separator: "\n")
        #expect(lines[0] == "| Row | Column | seed 3 | seed 11 | seed 20 |")
        let rows = lines.dropFirst(2)
        let judged = report.rows.filter { $0.metrics.accuracySeeds["topic"]?.isEmpty == false }
        #expect(rows.count == judged.count && judged.count >= 3)
        for (line, row) in zip(rows, judged) {
            let values = try #require(row.metrics.judgedAccuracySeeds["topic"])
            #expect(values.count == 3)
            for value in values {
                #expect(line.contains(" \(ReportNumber.fixed(value, 3)) "), "\(line)")
            }
            #expect(line.split(separator: "|").filter { $0.contains(".") }.count == 3)
        }
        for seed in inputs.seeds { #expect(html.contains(">seed \(seed)</th>")) }
    }

    @Test func aSummaryNamesTheWinnerOnlyWhenIntervalsAreApart() throws {
        let report = try Comparison(inputs: ComparisonFixture.inputs(), parallel: parallel).run()
        let text = ReportSummary(report: report).text
        #expect(text.contains("At ε = 8, "))
        #expect(text.contains("cannot be told apart"))
        #expect(text.contains("do not state the same guarantee"))
    }

    @Test func epsilonAndDeltaAreRoundedUpwards() {
        #expect(ReportNumber.epsilon(7.9941) == "8")
        #expect(ReportNumber.epsilon(1.001) == "1.01")
        #expect(ReportNumber.epsilon(4) == "4")
        #expect(ReportNumber.epsilon(.infinity) == "∞")
        #expect(ReportNumber.delta(1e-6) == "10⁻⁶")
        #expect(ReportNumber.delta(2.31e-5) == "2.4·10⁻⁵")
        #expect(ReportNumber.delta(9.99e-5) == "10⁻⁴")
        #expect(ReportNumber.delta(0) == "0")
        #expect(ReportNumber.fixed(-0.5, 1) == "−0.5")
    }

    @Test func axesHaveRoundTicksAroundTheirValues() {
        let axis = AxisScale(values: [0.31, 0.66], start: 0, end: 100)
        #expect(axis.lower <= 0.31 && axis.upper >= 0.66)
        #expect(axis.ticks.count >= 4 && axis.ticks.count <= 7)
        #expect(axis.label(axis.ticks[1]) == "0.4")
        #expect(abs(axis.place(axis.lower)) < 1e-9 && abs(axis.place(axis.upper) - 100) < 1e-9)
    }
}
