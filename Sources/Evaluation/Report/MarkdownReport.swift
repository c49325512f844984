import Foundation

/// Writes a comparison as `report.md`.
struct MarkdownReport {
    let report: ComparisonReport

    var text: String {
        var parts = [
            "# Synthetic text compared with real text", "> \(report.context.notice)",
            escaped(ReportSummary(report: report).lead), findings, table,
        ]
        .filter { !$0.isEmpty }
        if let training { parts += ["## Models trained on the texts", training] }
        parts += ["## Guarantees", guarantees]
        if !remarks.isEmpty { parts += ["## Read before comparing", remarks] }
        parts += ["## Every seed", seeds]
        if let overlap {
            parts += ["## Overlap with the private training texts (internal)", overlap]
        }
        parts += [
            "## How it was measured",
            ReportMethod(report: report).sentences.map { "- \($0)" }
                .joined(separator: "\n"),
        ]
        return parts.joined(separator: "\n\n") + "\n"
    }

    private var findings: String {
        ReportSummary(report: report).findings.map { "- \(escaped($0))" }.joined(separator: "\n")
    }

    private var table: String {
        grid(ReportTable(report: report))
            + "\n\n± is half a 95 % interval; bold marks the best private method. † see \"Read before comparing\"."
    }

    private var training: String? {
        ReportTable.training(of: report).map { grid($0) + "\n\n" + ReportTable.trainingCaption }
    }

    private func grid(_ table: ReportTable) -> String {
        let titles = ["Row", "ε"] + table.columns.map(\.title)
        let rows = table.rows.map { row in
            [escaped(row.name) + (row.flags.isEmpty ? "" : " †"), table.guarantee(row)]
                + table.columns.map { column in
                    let text = table.text(column, row)
                    return table.isBest(column, row) ? "**\(text)**" : text
                }
        }
        return Self.grid(titles, rows)
    }

    private var guarantees: String {
        let rows = report.methods.map { row -> [String] in
            guard let claim = row.privacy else {
                return [escaped(row.name), "not stated", "", "", "", "", ""]
            }
            return [
                escaped(row.name), ReportNumber.epsilon(claim.epsilon),
                claim.epsilon.isFinite ? ReportNumber.delta(claim.delta) : "–",
                escaped(claim.unit), escaped(claim.relation), escaped(claim.accountant),
                claim.source == .manifest ? "manifest" : "user's claim",
            ]
        }
        return Self.grid(
            ["Row", "ε", "δ", "Unit", "Relation", "Accountant", "According to"],
            rows
        )
    }

    private var remarks: String {
        report.rows.flatMap { row in
            (row.flags + row.notes).map { "- \(escaped(row.name)): \(escaped($0))" }
        }.joined(separator: "\n")
    }

    private var seeds: String {
        let titles = ["Row", "Column"] + report.context.seeds.map { "seed \($0)" }
        let rows = report.rows.flatMap { row in
            report.context.labelColumns.compactMap { column -> [String]? in
                guard let values = row.metrics.accuracySeeds[column], !values.isEmpty else {
                    return nil
                }
                return [escaped(row.name), escaped(column)]
                    + values.map { ReportNumber.fixed($0, 3) }
            }
        }
        return Self.grid(titles, rows)
            + "\n\n" + ReportMethod.seedsCaption
    }

    private var overlap: String? {
        guard let held = report.context.heldOutOverlap else { return nil }
        func cells(_ name: String, _ overlap: TrainingOverlap) -> [String] {
            [
                name, ReportNumber.fixed(overlap.meanLongestNGram, 2),
                String(overlap.highLongestNGram), String(overlap.maximumLongestNGram),
                ReportNumber.fixed(overlap.nearDuplicateShare, 4),
            ]
        }
        let rows =
            [cells("real test texts (baseline)", held)]
            + report.rows.compactMap { row in
                row.metrics.trainingOverlap.map { cells(escaped(row.name), $0) }
            }
        return Self.grid(
            [
                "Texts", "Longest shared words, mean", "95th percentile", "Longest",
                "Near-duplicates",
            ],
            rows
        )
    }

    private func escaped(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("<", with: "&lt;").replacing("\n", with: " ")
    }

    private static func grid(_ titles: [String], _ rows: [[String]]) -> String {
        let lines = [titles, titles.indices.map { $0 == 0 ? "---" : "---:" }] + rows
        return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }
}
