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
                        "Dot: accuracy on real test texts. Bar: 95 % interval. Ticks below: each seed's "
                            + "resampled training texts, which hold fewer different texts and so lie "
                            + "lower. A method is useful as far as it stands to the right of the "
                            + "majority class, and loses nothing where it meets the real texts."
                    )
                )
            }
            if let svg = EpsilonChart(report: report, column: column).svg {
                sections.append(
                    figure(
                        "Accuracy of \(column) against the privacy budget",
                        svg,
                        "Further left is more private. Where two lines cross, the better method "
                            + "changes with the budget; where bars overlap, it is open."
                    )
                )
            }
        }
        if let svg = LengthChart(figures: report.figures).svg {
            sections.append(
                figure(
                    "How long the texts are",
                    svg,
                    "Share of texts by number of words (\(binText)). A line that leaves the grey "
                        + "area writes texts that are too short or too long."
                )
            )
        }
        if let svg = EmbeddingMap(figures: report.figures).svg {
            let share = Int((report.figures.mapVariance * 100).rounded())
            sections.append(
                figure(
                    "Where the texts lie",
                    svg,
                    "Grey: real test texts; colour: the method's. The two widest directions of the "
                        + "embeddings show \(share) % of their variance. Grey without colour on top "
                        + "is real variety that the method misses; colour without grey is text "
                        + "unlike any real one."
                )
            )
        }
        return sections + [examples].compactMap { $0 }
    }

    private var binText: String {
        report.figures.lengthBinWidth == 1
            ? "one word a step" : "\(report.figures.lengthBinWidth) words a step"
    }

    private func figure(_ title: String, _ svg: String, _ caption: String) -> String {
        "<section><h2>\(HTMLText.escaped(title))</h2><figure>\(svg)<figcaption>"
            + "\(HTMLText.escaped(caption))</figcaption></figure></section>"
    }

    private var examplesCaption: String {
        let source = report.figures.exampleSource
        let isAlone = report.figures.examples.allSatisfy { example in
            example.nearest.allSatisfy { $0.0 == source }
        }
        let others =
            isAlone ? "nearest other text of its own" : "nearest text of every other method"
        return
            "\(report.figures.examples.count) texts of \(source), drawn at random, each with the "
            + "\(others) by embedding. No real text is quoted in this report."
    }

    private var examples: String? {
        guard !report.figures.examples.isEmpty else { return nil }
        let rows = report.figures.examples.map { example in
            let nearest = example.nearest.map { name, text in
                "<p><span class=\"who\">\(HTMLText.escaped(name))</span> "
                    + "\(HTMLText.escaped(HTMLText.shortened(text)))</p>"
            }
            return
                "<li><p><span class=\"who\">\(HTMLText.escaped(report.figures.exampleSource))</span> "
                + "\(HTMLText.escaped(HTMLText.shortened(example.text)))</p>\(nearest.joined())</li>"
        }
        return """
            <section><h2>Nearest synthetic texts</h2>
            <p class="caption">\(HTMLText.escaped(examplesCaption))</p>
            <ol class="examples">\(rows.joined())</ol></section>
            """
    }
}
