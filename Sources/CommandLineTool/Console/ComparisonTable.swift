import Evaluation
import Foundation

/// The rows of a comparison as a table for a terminal.
struct ComparisonTable {
    let rows: [ComparisonRow]
    let labelColumns: [String]
    /// The methods' runs taken together; those of several runs get a line below the rows.
    var groups: [ComparisonGroup] = []

    /// What each method's texts are worth, a line each, after an empty one; none without methods.
    static func verdictLines(_ verdicts: [MethodVerdict]) -> [String] {
        guard !verdicts.isEmpty else { return [] }
        return [""] + verdicts.map { "\($0.name): \($0.text)" } + [""]
    }

    /// The header and one line a row; a missing number is a dash.
    ///
    /// Accuracy and macro-F1 are those of the classifier whose C the row's own texts chose, `C = 1` is
    /// accuracy at that C.
    var lines: [String] {
        let means = groups.filter { $0.runs.count > 1 }.map(cells)
        let table = [header] + rows.map(cells) + means
        let widths = header.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        return table.map { cells in
            zip(cells, widths).enumerated().map { place, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return place == 0 ? cell.0 + padding : padding + cell.0
            }.joined(separator: "  ")
        }
    }

    private var header: [String] {
        ["", "texts"] + labelColumns.flatMap { ["\($0) accuracy", "macro-F1", "C = 1"] } + [
            "MAUVE", "distinct-2",
        ]
    }

    private func cells(_ row: ComparisonRow) -> [String] {
        [row.name, row.texts == 0 ? "-" : String(row.texts)]
            + labelColumns.flatMap {
                [
                    row.metrics.judgedAccuracy[$0], row.metrics.judgedMacroF1[$0],
                    row.metrics.accuracy[$0],
                ].map(Self.text)
            }
            + [Self.text(row.metrics.mauve), Self.text(row.metrics.distinctN)]
    }

    private func cells(_ group: ComparisonGroup) -> [String] {
        let metrics = group.metrics
        return ["\(group.name), mean of \(group.runs.count)", "-"]
            + labelColumns.flatMap {
                [metrics.judgedAccuracy[$0], metrics.judgedMacroF1[$0], metrics.accuracy[$0]]
                    .map { Self.text($0?.mean) }
            }
            + [Self.text(metrics.mauve?.mean), Self.text(metrics.distinctN?.mean)]
    }

    private static func text(_ value: Double?) -> String {
        value.map { String(format: "%.3f", $0) } ?? "-"
    }
}
