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

/// Another `dpscribe` with arguments of its own: what it keeps in memory ends with it.
struct ChildCommand {
    let arguments: [String]

    /// Runs the command; its progress goes to this process's standard error.
    ///
    /// A stop that is asked of this process is passed on, and waited for.
    ///
    /// - Returns: What it printed.
    /// - Throws: `ToolError.interrupted`, or `ChildFailure` with its status.
    func run() throws -> Data {
        let process = Process()
        let output = Pipe()
        process.executableURL = try Self.executable()
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        let watch = Self.passOnStops(to: process)
        defer { watch.cancel() }
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw failure(of: process)
        }
        return printed
    }

    /// Once only: a second signal would end the command without a checkpoint.
    private static func passOnStops(to process: Process) -> any DispatchSourceTimer {
        let watch = DispatchSource.makeTimerSource()
        watch.setEventHandler {
            guard Interruption.isRequested else { return }
            process.terminate()
            watch.cancel()
        }
        watch.schedule(deadline: .now(), repeating: .milliseconds(200))
        watch.resume()
        return watch
    }

    private func failure(of process: Process) -> any Error {
        let status = process.terminationReason == .exit ? process.terminationStatus : nil
        if Interruption.isRequested || status == CommandStatus.interrupted.rawValue {
            return ToolError.interrupted("stopped; run the same command again to go on")
        }
        return ChildFailure(
            command: arguments.first ?? "",
            status: status.flatMap(CommandStatus.init(rawValue:)) ?? .internalFault
        )
    }

    private static func executable() throws -> URL {
        guard let url = Bundle.main.executableURL else {
            throw ToolError.inputOutput("this program's own file cannot be found")
        }
        return url
    }
}

/// A command of a sweep that failed; it has said why itself.
struct ChildFailure: Error, Equatable, CustomStringConvertible, StatusBearing {
    let command: String
    let status: CommandStatus

    var description: String { "\(command) failed (see above); what is finished is kept" }
}
