import Foundation

/// Writes a comparison as `report.md`.
struct MarkdownReport {
    let report: ComparisonReport

    var text: String {
        var parts = [
            "# Synthetic text compared with real text", "> \(report.context.notice)",
            verdicts, escaped(ReportSummary(report: report).lead), findings,
            grid(ReportTable.main(of: report)), ReportTable.caption(of: report),
            "## Length and repetition", grid(ReportTable.variety(of: report)),
            ReportTable.varietyCaption,
        ]
        .filter { !$0.isEmpty }
        if let training = ReportTable.training(of: report) {
            parts += [
                "## Models trained on the texts", grid(training), ReportTable.trainingCaption,
            ]
        }
        parts += ["## Guarantees", grid(details.guarantees), ReportDetails.guaranteesCaption]
        if !remarks.isEmpty { parts += ["## Read before comparing", remarks] }
        for column in labels.columns {
            parts += section(
                "Labels: \(escaped(column))",
                labels.mixes(column),
                ReportLabels.mixesCaption
            )
            if let scores = labels.scores(column) {
                parts += [grid(scores), ReportLabels.scoresCaption]
            }
        }
        let closeness = ReportCloseness(report: report)
        parts += section("Closeness to the private text", closeness.grid, closeness.caption)
        if let judges = labels.judges {
            parts += ["## Other judges", grid(judges), labels.judgesCaption]
        }
        if let runs = ReportTable.singleRuns(of: report) {
            parts += ["## Every run", grid(runs), ReportTable.singleRunsCaption]
        }
        parts += section("Every seed", details.seeds, ReportMethod.seedsCaption)
        parts += section(
            "Every seed of the fine-tuned classifier",
            details.fineTunedSeeds,
            ReportDetails.fineTunedSeedsCaption
        )
        parts += section(
            "Overlap with the private training texts (internal)",
            details.overlap,
            ReportDetails.overlapCaption
        )
        parts += section("Canaries (internal)", details.canaries, ReportDetails.canariesCaption)
        parts += [
            "## How it was measured",
            ReportMethod(report: report).sentences.map { "- \($0)" }
                .joined(separator: "\n"),
        ]
        return parts.joined(separator: "\n\n") + "\n"
    }

    private var labels: ReportLabels { ReportLabels(report: report) }

    private var verdicts: String {
        let warning = report.context.testTextsInTraining?.warning.map {
            ["**\(escaped($0)).**", ""]
        }
        let items = report.verdicts.map { "- **\(escaped($0.name))**: \(escaped($0.text))" }
        guard !items.isEmpty else { return "" }
        return ((warning ?? []) + items + ["", MethodVerdict.caption(of: report)])
            .joined(separator: "\n")
    }

    private var details: ReportDetails { ReportDetails(report: report) }

    private var findings: String {
        ReportSummary(report: report).findings.map { "- \(escaped($0))" }.joined(separator: "\n")
    }

    private var remarks: String {
        details.remarks.flatMap { names, sentences in
            sentences.map { "- \(escaped(names.joined(separator: ", "))): \(escaped($0))" }
        }.joined(separator: "\n")
    }

    private func section(_ title: String, _ grid: ReportGrid?, _ caption: String) -> [String] {
        grid.map { ["## \(title)", self.grid($0), caption] } ?? []
    }

    private func grid(_ table: ReportTable) -> String {
        let rows = table.lines.map { line in
            [escaped(line.name) + (table.isFlagged(line) ? " †" : ""), table.guarantee(line)]
                + (table.countsRuns ? [table.runs(line)] : [])
                + table.columns.map { column in
                    let text = table.text(column, line)
                    return table.isBest(column, line) ? "**\(text)**" : text
                }
        }
        let titles = table.columns.map {
            $0.better == .neither ? $0.title : "\($0.title) \($0.better.arrow)"
        }
        return Self.lines(
            ["Row", "ε"] + (table.countsRuns ? ["Runs"] : []) + titles,
            alignments: [.text],
            rows
        )
    }

    private func grid(_ grid: ReportGrid) -> String {
        Self.lines(
            grid.titles,
            alignments: grid.alignments,
            grid.rows.map { $0.map(escaped) }
        )
    }

    private func escaped(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("<", with: "&lt;").replacing("\n", with: " ")
    }

    /// Columns beyond `alignments` hold numbers.
    private static func lines(
        _ titles: [String],
        alignments: [ReportGrid.Alignment],
        _ rows: [[String]]
    ) -> String {
        let rule = titles.indices.map { column in
            column < alignments.count && alignments[column] == .text ? "---" : "---:"
        }
        return ([titles, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
            .joined(separator: "\n")
    }
}
