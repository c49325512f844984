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
        "<section><h2>\(HTMLText.escaped(title))</h2>\(Self.table(grid))"
            + "<p class=\"caption\">\(HTMLText.escaped(caption))</p></section>"
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
