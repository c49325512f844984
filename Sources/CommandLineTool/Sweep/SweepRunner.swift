import DifferentialPrivacy
import Foundation

/// Runs the cells of a sweep that are not finished, one after another.
struct SweepRunner {
    let sweep: SweepFile
    /// Gets lines for the user: the cost beforehand, then each cell.
    let say: (String) -> Void

    /// Makes all texts.
    ///
    /// - Returns: The texts in the order of the report's rows.
    /// - Throws: `ToolError`, `ChildFailure`.
    func texts() throws -> [ComparedText] {
        let cells = sweep.cells
        let records = try cells.map(SweepRecord.of)
        try SweepCost(sweep: sweep, cells: cells, records: records).lines.forEach(say)
        let left = zip(cells, records).filter { $0.1 == nil }.map(\.0)
        for (place, cell) in left.enumerated() {
            say("cell \(place + 1) of \(left.count): \(cell.name)")
            try run(cell)
        }
        return cells.map {
            ComparedText(
                name: $0.rowName,
                series: $0.method.rawValue,
                path: $0.text.path,
                stated: nil
            )
        }
    }

    private func run(_ cell: SweepCell) throws {
        try FileManager.default.createDirectory(
            at: cell.text.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        let start = ProcessInfo.processInfo.systemUptime
        let printed = try cell.commands.map { try ChildCommand(arguments: $0).run() }
        let results = printed.map {
            String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .newlines)
        }
        let seconds = ProcessInfo.processInfo.systemUptime - start
        try SweepRecord(commands: cell.commands, results: results, seconds: seconds)
            .write(for: cell)
    }
}
