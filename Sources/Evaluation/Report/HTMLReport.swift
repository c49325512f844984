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
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>Synthetic text compared with real text</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <main>
        <p class="notice">\(HTMLText.escaped(report.context.notice))</p>
        <h1>Synthetic text compared with real text</h1>
        \(verdicts)
        <p class="scale">\(HTMLText.escaped(ReportSummary(report: report).lead))</p>
        <ul class="findings">\(findings)</ul>
        \(sections.joined(separator: "\n"))
        </main>
        </body>
        </html>

        """
    }

    private var verdicts: String {
        let items = report.verdicts.map { verdict in
            "<dt>\(HTMLText.escaped(verdict.name))</dt><dd>\(HTMLText.escaped(verdict.text))</dd>"
        }
        guard !items.isEmpty else { return "" }
        let warning = report.context.testTextsInTraining?.warning
            .map { "<p class=\"warning\">\(HTMLText.escaped($0)).</p>" }
        return "\(warning ?? "")<dl class=\"verdicts\">\(items.joined())</dl>"
            + "<p class=\"caption\">\(HTMLText.escaped(MethodVerdict.caption(of: report)))</p>"
    }

    private var findings: String {
        ReportSummary(report: report).findings.map { "<li>\(HTMLText.escaped($0))</li>" }.joined()
    }

    private var sections: [String] {
        let method = ReportMethod(report: report).sentences
            .map { "<li>\(HTMLText.escaped($0))</li>" }.joined()
        return [mainTable, varietyTable] + [trainingTable].compactMap { $0 } + [guarantees]
            + [remarks, samples].compactMap { $0 } + labels + [closeness].compactMap { $0 }
            + figureSections
            + [otherJudges, singleRuns, seeds, fineTunedSeeds, overlap, canaries].compactMap { $0 }
            + ["<section><h2>How it was measured</h2><ul>\(method)</ul></section>"]
    }

    private var mainTable: String {
        "<section>"
            + block(ReportTable.main(of: report), caption: ReportTable.caption(of: report))
            + "</section>"
    }

    private var varietyTable: String {
        "<section><h2>Length and repetition</h2>"
            + block(ReportTable.variety(of: report), caption: ReportTable.varietyCaption)
            + "</section>"
    }

    private var trainingTable: String? {
        ReportTable.training(of: report).map {
            "<section><h2>Models trained on the texts</h2>"
                + block($0, caption: ReportTable.trainingCaption) + "</section>"
        }
    }

    private var otherJudges: String? {
        let labels = ReportLabels(report: report)
        return labels.judges.map {
            "<section><h2>Other judges</h2>" + block($0, caption: labels.judgesCaption)
                + "</section>"
        }
    }

    private var singleRuns: String? {
        ReportTable.singleRuns(of: report).map {
            "<section class=\"runs\"><h2>Every run</h2>"
                + block($0, caption: ReportTable.singleRunsCaption) + "</section>"
        }
    }

    private func block(_ table: ReportTable, caption: String) -> String {
        grid(table) + "<p class=\"caption\">\(HTMLText.escaped(caption))</p>"
    }

    private func grid(_ table: ReportTable) -> String {
        let head = table.columns.map { column in
            let arrow =
                column.better == .neither
                ? "" : "&nbsp;<span class=\"hint\">\(column.better.arrow)</span>"
            return "<th>\(HTMLText.escaped(column.title))\(arrow)</th>"
        }
        let runs = table.countsRuns ? "<th>Runs</th>" : ""
        return """
            <div class="wide"><table class="numbers">
            <thead><tr><th></th><th>ε</th>\(runs)\(head.joined())</tr></thead>
            <tbody>\(table.lines.map { row($0, of: table) }.joined(separator: "\n"))</tbody></table></div>
            """
    }

    private func row(_ line: ComparisonGroup, of table: ReportTable) -> String {
        let cells = table.columns.map { column in
            let kind = table.isBest(column, line) ? " class=\"best\"" : ""
            let parts = table.text(column, line).split(separator: " ", maxSplits: 1)
            let reach = parts.count > 1 ? " <span class=\"reach\">\(parts[1])</span>" : ""
            return "<td\(kind)>\(parts[0])\(reach)</td>"
        }
        let kind = line.reference == nil ? "" : " class=\"reference\""
        let mark = table.isFlagged(line) ? "<sup>†</sup>" : ""
        let runs = table.countsRuns ? "<td>\(table.runs(line))</td>" : ""
        return "<tr\(kind)><th scope=\"row\">\(HTMLText.escaped(line.name))\(mark)</th>"
            + "<td>\(HTMLText.escaped(table.guarantee(line)))</td>\(runs)\(cells.joined())</tr>"
    }
}

/// Text made safe to stand in HTML and SVG.
enum HTMLText {
    /// Replaces the five characters with a meaning and drops control characters.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result += " "
            default:
                let isControl = scalar.value < 32 || (0x7F...0x9F).contains(scalar.value)
                let isDirection =
                    (0x202A...0x202E).contains(scalar.value)
                    || (0x2066...0x2069).contains(scalar.value)
                if !isControl, !isDirection { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }

    /// The first characters of a text, with an ellipsis if there are more; not escaped.
    static func shortened(_ text: String, to limit: Int = 240) -> String {
        text.count > limit ? text.prefix(limit - 1) + "…" : text
    }
}
