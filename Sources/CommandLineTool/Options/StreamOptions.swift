import ArgumentParser
import Corpus

/// `--format`: what standard input or output holds, where `-` stands for a file.
struct StreamOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What - for a file holds: csv, tsv, jsonl or txt, input also with .gz behind it.",
            valueName: "format"
        ),
        completion: .list(["csv", "tsv", "jsonl", "txt"])
    )
    var format = CorpusFormat.csv.rawValue

    /// The paths, that of standard input for `-`, which is read to its end.
    ///
    /// - Throws: `ToolError.usage` for an unknown format; `CorpusError`.
    func opened(_ paths: [String]) throws -> [String] {
        try paths.map { $0 == StandardInput.name ? try standardInput() : $0 }
    }

    /// The same for one path.
    func opened(_ path: String) throws -> String { try opened([path])[0] }

    /// The format that standard output gets.
    ///
    /// - Throws: `ToolError.usage`.
    func output() throws -> CorpusFormat {
        guard let format = CorpusFormat(rawValue: format) else { throw unknown }
        return format
    }

    private func standardInput() throws -> String {
        do { return try StandardInput.read(as: format) } catch CorpusError.unsupportedFormat {
            throw unknown
        }
    }

    private var unknown: ToolError {
        .usage("--format is \(format); it must be csv, tsv, jsonl or txt")
    }
}
