extension HTMLReport {
    /// Who guarantees what.
    var guarantees: String {
        section("Guarantees", details.guarantees, ReportDetails.guaranteesCaption)
    }

    /// Flags and notes, by line of the main table.
    var remarks: String? {
        let items = details.remarks.map { names, sentences in
            let name = names.joined(separator: ", ")
            let list = sentences.map { "<li>\(HTMLText.escaped($0))</li>" }.joined()
            return "<dt>\(HTMLText.escaped(name))</dt><dd><ul>\(list)</ul></dd>"
        }
        guard !items.isEmpty else { return nil }
        return "<section><h2>Read before comparing</h2><dl>\(items.joined())</dl></section>"
    }

    /// Accuracy of every seed.
    var seeds: String? {
        details.seeds.map { section("Every seed", $0, ReportMethod.seedsCaption) }
    }

    /// Accuracy of the fine-tuned classifier with each seed.
    var fineTunedSeeds: String? {
        details.fineTunedSeeds.map {
            section(
                "Every seed of the fine-tuned classifier",
                $0,
                ReportDetails.fineTunedSeedsCaption
            )
        }
    }

    /// How each label column's values are mixed, and how well each of them is told.
    var labels: [String] {
        let labels = ReportLabels(report: report)
        return labels.columns.map { column in
            let scores = labels.scores(column).map { grid in
                "<details\(grid.rows.count > 12 ? "" : " open")><summary>How well each is told</summary>"
                    + block(grid, ReportLabels.scoresCaption) + "</details>"
            }
            return "<section><h2>Labels: \(HTMLText.escaped(column))</h2>"
                + block(labels.mixes(column), ReportLabels.mixesCaption) + (scores ?? "")
                + "</section>"
        }
    }

    /// Membership, beside the held-out baseline.
    var closeness: String? {
        let closeness = ReportCloseness(report: report)
        return closeness.grid.map {
            section("Closeness to the private text", $0, closeness.caption)
        }
    }

    /// Overlap with private training texts beside the held-out baseline.
    var overlap: String? {
        details.overlap.map {
            section("Overlap with the private training texts", $0, ReportDetails.overlapCaption)
        }
    }

    /// How planted texts rank.
    var canaries: String? {
        details.canaries.map { section("Canaries", $0, ReportDetails.canariesCaption) }
    }

    private var details: ReportDetails { ReportDetails(report: report) }

    private func section(_ title: String, _ grid: ReportGrid, _ caption: String) -> String {
        "<section><h2>\(HTMLText.escaped(title))</h2>\(block(grid, caption))</section>"
    }

    private func block(_ grid: ReportGrid, _ caption: String) -> String {
        Self.table(grid) + "<p class=\"caption\">\(HTMLText.escaped(caption))</p>"
    }

    private static func table(_ grid: ReportGrid) -> String {
        let kinds = grid.alignments.map { $0 == .text ? " class=\"text\"" : "" }
        let head = zip(grid.titles.dropFirst(), kinds.dropFirst()).map { title, kind in
            "<th\(kind)>\(HTMLText.escaped(title))</th>"
        }
        let body = grid.rows.map { row in
            let cells = zip(row, kinds).dropFirst().map { cell, kind in
                "<td\(kind)>\(HTMLText.escaped(cell))</td>"
            }
            return "<tr><th scope=\"row\">\(HTMLText.escaped(row[0]))</th>\(cells.joined())</tr>"
        }
        return "<div class=\"wide\"><table><thead><tr><th></th>\(head.joined())</tr></thead>"
            + "<tbody>\(body.joined())</tbody></table></div>"
    }
}
