import Foundation

/// A finished cell: what was run, what it printed and how long it took.
struct SweepRecord: Codable, Equatable {
    /// The command lines, without the program's name.
    let commands: [[String]]
    /// What each command printed: one JSON object.
    let results: [String]
    /// Wall-clock seconds of all commands, interruptions left out.
    let seconds: Double

    /// The record of a cell; nil if it is not finished.
    ///
    /// - Throws: `ToolError.badConfiguration` if it was made with other settings.
    static func of(_ cell: SweepCell) throws -> SweepRecord? {
        guard let data = FileManager.default.contents(atPath: cell.record.path) else { return nil }
        let record = try? JSONDecoder().decode(SweepRecord.self, from: data)
        guard let record, record.commands == cell.commands else {
            throw ToolError.badConfiguration(
                "\(cell.record.path): the cell was made with other settings; name another folder "
                    + "in the sweep's file, or remove this record and the cell's run"
            )
        }
        return record
    }

    /// Writes the record; from then on the cell is not run again.
    func write(for cell: SweepCell) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try FileManager.default.createDirectory(
            at: cell.record.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try encoder.encode(self).write(to: cell.record, options: .atomic)
    }
}
