extension HTMLReport {
    /// The plots and the nearest examples, each with what one sees in it.
    var figureSections: [String] {
        var sections: [String] = []
        for column in report.context.labelColumns {
            if let svg = AccuracyChart(report: report, column: column).svg {
                sections.append(
                    figure(
                        "What a classifier of \(column) learns from each row",
                        svg,
                        "Dot: accuracy on real test texts. Bar: 95 % interval. \(ticksText) A method is useful as far as it stands to the right of the "
                            + "majority class, and loses nothing where it meets the real texts."
                    )
                )
            }
            if let svg = EpsilonChart(report: report, measure: .accuracy(of: column)).svg {
                sections.append(
                    figure(
                        "Accuracy of \(column) against the privacy budget",
                        svg,
                        "Further left is more private. \(pointsText)Where two lines cross, the better "
                            + "method changes with the budget; where bars overlap much, it is open."
                    )
                )
            }
        }
        let likeness = [ReportTable.Column.mauve, .fid, .recall].compactMap {
            EpsilonChart(report: report, measure: $0, isPanel: true).svg
        }
        if !likeness.isEmpty {
            sections.append(
                figure(
                    "Likeness to real text against the privacy budget",
                    likeness.joined(),
                    "MAUVE: both distributions compared as wholes, higher is better. FID: the distance of "
                        + "their means and spreads, lower is better. Recall: the share of real texts that "
                        + "have a synthetic one in their neighbourhood, higher is better. \(pointsText)",
                    kind: "panels"
                )
            )
        }
        if let svg = ProgressChart(report: report).svg {
            sections.append(
                figure("How the budget was spent", svg, ProgressChart.caption)
            )
        }
        if let svg = LengthChart(report: report).svg {
            sections.append(
                figure(
                    "How long the texts are",
                    svg,
                    "Share of texts by number of words (\(binText)). \(firstRunText)A line that leaves the grey "
                        + "area writes texts that are too short or too long."
                )
            )
        }
        let panels = EmbeddingMap(report: report).rows
        if !panels.isEmpty {
            let share = Int((report.figures.mapVariance * 100).rounded())
            sections.append(
                figure(
                    "Where the texts lie",
                    panels.joined(),
                    "Grey: real test texts; colour: the method's. \(firstRunText)Texts that mean "
                        + "similar things lie close together, as far as two directions can show: these two "
                        + "hold \(share) % of the variance of the embeddings. Grey without "
                        + "colour on top is real variety that the method misses; colour without grey is "
                        + "text unlike any real one.",
                    kind: "panels"
                )
            )
        }
        return sections + [examples].compactMap { $0 }
    }

    private var ticksText: String {
        let seeds =
            "each seed's resampled training texts, which hold fewer different texts and so lie lower."
        return report.hasSeveralRuns
            ? "Dot and bar of a method with several runs are their mean and its interval. Ticks below: "
                + "each run, or for one run " + seeds : "Ticks below: " + seeds
    }

    private var pointsText: String {
        report.hasSeveralRuns
            ? "Lines join the means over runs, bars are 95 % intervals of the means, small points are "
                + "single runs. " : ""
    }

    private var firstRunText: String {
        report.hasSeveralRuns ? "Of several runs the first is shown. " : ""
    }

    private var binText: String {
        report.figures.lengthBinWidth == 1
            ? "one word a step" : "\(report.figures.lengthBinWidth) words a step"
    }

    private func figure(
        _ title: String,
        _ svg: String,
        _ caption: String,
        kind: String = "single"
    ) -> String {
        "<section><h2>\(HTMLText.escaped(title))</h2><figure class=\"\(kind)\">\(svg)<figcaption>"
            + "\(HTMLText.escaped(caption))</figcaption></figure></section>"
    }

    private var exampleSource: String { report.groups[report.figures.exampleSource].name }

    private var examplesCaption: String {
        let isAlone = report.figures.examples.allSatisfy { example in
            example.nearest.allSatisfy { $0.group == report.figures.exampleSource }
        }
        let others =
            isAlone ? "nearest other text of its own" : "nearest text of every other method"
        return
            "\(report.figures.examples.count) texts of \(exampleSource), drawn at random, each with the "
            + "\(others) by embedding. \(firstRunText)No real text is quoted in this report."
    }

    private var examples: String? {
        guard !report.figures.examples.isEmpty else { return nil }
        let rows = report.figures.examples.map { example in
            "<li>\(quoted(example.text, of: report.figures.exampleSource))"
                + example.nearest.map { quoted($0.text, of: $0.group) }.joined() + "</li>"
        }
        return """
            <section><h2>Nearest synthetic texts</h2>
            <p class="caption">\(HTMLText.escaped(examplesCaption))</p>
            <ol class="examples">\(rows.joined())</ol></section>
            """
    }

    private func quoted(_ text: ComparisonFigures.Labelled, of group: Int) -> String {
        Self.quoted(text, who: report.groups[group].name)
    }

    private static func quoted(_ text: ComparisonFigures.Labelled, who: String) -> String {
        let labels =
            text.labels.isEmpty
            ? "" : "<strong>\(HTMLText.escaped(text.labels.joined(separator: ", ")))</strong> "
        return "<p><span class=\"who\">\(HTMLText.escaped(who))</span> "
            + "<span>\(labels)\(HTMLText.escaped(HTMLText.shortened(text.text)))</span></p>"
    }

    /// Texts of every method with their labels, for a person to judge.
    var samples: String? {
        guard !report.figures.samples.isEmpty else { return nil }
        let lists = report.figures.samples.map { group, texts in
            "<li>"
                + texts.enumerated().map { place, text in
                    Self.quoted(text, who: place == 0 ? report.groups[group].name : "")
                }.joined() + "</li>"
        }
        let caption =
            "Drawn at random from each combination of labels in turn. Does the text say what its label "
            + "says? \(firstRunText)"
        return """
            <section><h2>Texts with their labels</h2>
            <p class="caption">\(HTMLText.escaped(caption))</p>
            <ol class="examples">\(lists.joined())</ol></section>
            """
    }
}
