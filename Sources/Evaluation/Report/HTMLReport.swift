/// Writes a comparison as one self-contained HTML file.
struct HTMLReport {
    let report: ComparisonReport

    var text: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>Synthetic text compared with real text</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <main>
        <p class="notice">\(HTMLText.escaped(report.context.notice))</p>
        <h1>Synthetic text compared with real text</h1>
        <p class="lead">\(HTMLText.escaped(ReportSummary(report: report).lead))</p>
        <ul class="findings">\(findings)</ul>
        \(sections.joined(separator: "\n"))
        </main>
        </body>
        </html>

        """
    }

    private var findings: String {
        ReportSummary(report: report).findings.map { "<li>\(HTMLText.escaped($0))</li>" }.joined()
    }

    private var sections: [String] {
        let method = ReportMethod(report: report).sentences
            .map { "<li>\(HTMLText.escaped($0))</li>" }.joined()
        return [mainTable] + [trainingTable].compactMap { $0 } + [guarantees]
            + [remarks].compactMap { $0 } + figureSections
            + [seeds, overlap].compactMap { $0 }
            + ["<section><h2>How it was measured</h2><ul>\(method)</ul></section>"]
    }

    private var mainTable: String {
        """
        <section>\(grid(ReportTable(report: report)))
        <p class="caption">± is half a 95 % interval. ↑ higher is better, ↓ lower is better; bold marks \
        the best private method. Rows in grey are references; \
        † see “Read before comparing”.</p></section>
        """
    }

    private var trainingTable: String? {
        ReportTable.training(of: report).map { table in
            "<section><h2>Models trained on the texts</h2>\(grid(table))"
                + "<p class=\"caption\">\(HTMLText.escaped(ReportTable.trainingCaption))</p></section>"
        }
    }

    private func grid(_ table: ReportTable) -> String {
        let head = table.columns.map { column in
            let arrow =
                switch column.better {
                case .higher: "&nbsp;<span class=\"hint\">↑</span>"
                case .lower: "&nbsp;<span class=\"hint\">↓</span>"
                case .neither: ""
                }
            return "<th>\(HTMLText.escaped(column.title))\(arrow)</th>"
        }
        let body = table.rows.map { row in
            let cells = table.columns.map { column in
                let kind = table.isBest(column, row) ? " class=\"best\"" : ""
                let parts = table.text(column, row).split(separator: " ", maxSplits: 1)
                let reach = parts.count > 1 ? " <span class=\"reach\">\(parts[1])</span>" : ""
                return "<td\(kind)>\(parts[0])\(reach)</td>"
            }
            let kind = row.reference == nil ? "" : " class=\"reference\""
            let mark = row.flags.isEmpty ? "" : "<sup>†</sup>"
            return "<tr\(kind)><th scope=\"row\">\(HTMLText.escaped(row.name))\(mark)</th>"
                + "<td>\(HTMLText.escaped(table.guarantee(row)))</td>\(cells.joined())</tr>"
        }
        return """
            <div class="wide"><table class="numbers">
            <thead><tr><th></th><th>ε</th>\(head.joined())</tr></thead>
            <tbody>\(body.joined(separator: "\n"))</tbody></table></div>
            """
    }
}
