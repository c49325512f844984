import DemoCorpus
import Foundation
import Testing

/// Private messages in a folder of their own, and the command that fine-tunes a tiny model on them.
struct FinetuneSetting {
    /// Messages in `private.csv`.
    static let count = 300

    let workspace: Workspace
    private let defaults: [String: String]

    init() throws {
        workspace = try Workspace()
        let values = try workspace.write(Self.labelValues, to: "values.json")
        defaults = [
            "--data": try workspace.messages(Self.count, seed: 5, to: "private.csv"),
            "--label-columns": "topic,sentiment", "--label-values": values,
            "--dataset-size": "\(Self.count)", "--epsilon": "8", "--delta": "1e-4",
            "--epochs": "2", "--batch-size": "30", "--sequence-length": "24",
            "--model": try TinyModel.path(), "--threads": "1",
        ]
    }

    /// The public label values of the messages, as JSON.
    static var labelValues: String {
        let columns = DemoCorpus.labelColumns.map { column in
            let values = (DemoCorpus.labelValues[column] ?? []).map { "\"\($0)\"" }
            return "\"\(column)\": [\(values.joined(separator: ", "))]"
        }
        return "{" + columns.joined(separator: ", ") + "}"
    }

    /// The arguments of `finetune` for a run of that name.
    ///
    /// - Parameters:
    ///   - run: The run folder's name.
    ///   - changes: Options to set otherwise; an empty value leaves one out.
    ///   - flags: Added at the end.
    /// - Returns: What follows `dpscribe` on the command line.
    func arguments(
        _ run: String = "run",
        _ changes: [String: String] = [:],
        flags: [String] = []
    ) -> [String] {
        var options = defaults.merging(changes) { $1 }
        options["--out"] = path(run)
        return ["finetune", "--json", "--quiet"]
            + options.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
            .flatMap { [$0.key, $0.value] } + flags
    }

    /// Fine-tunes to the end.
    func finetune(
        _ run: String = "run",
        _ changes: [String: String] = [:],
        flags: [String] = []
    ) throws -> Tool.Outcome {
        try Tool.run(arguments(run, changes, flags: flags))
    }

    /// The path of a run folder, or of a file in one.
    func path(_ run: String) -> String { workspace.path("runs/" + run) }

    /// The names in a run folder.
    func names(_ run: String = "run") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path(run)).sorted()
    }

    /// The bytes of a file in the runs' folder.
    func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: path(name))) }

    /// The newest checkpoint's name.
    func newestCheckpoint(_ run: String = "run") -> String? {
        (try? names(run))?.last { $0.hasPrefix("step-") && $0.hasSuffix(".h5") }
    }

    /// Lines of the run's ledger so far; 0 before there is one.
    func ledgerLines(_ run: String = "run") -> Int {
        (try? bytes(run + "/ledger.jsonl"))?.count { $0 == UInt8(ascii: "\n") } ?? 0
    }

    /// Waits until `condition` holds, for a minute at most.
    func wait(for tool: RunningTool, until condition: () -> Bool) throws {
        let deadline = Date.now + 60
        while !condition() {
            try #require(Date.now < deadline && tool.process.isRunning, "\(tool.errorsSoFar)")
            usleep(2_000)
        }
    }
}
