import ArgumentParser
import Corpus
import Foundation
import Kernels

/// The options that every command has.
struct GlobalOptions: ParsableArguments {
    @Flag(help: "Print the result as one JSON object.")
    var json = false

    @Flag(help: "Show no progress; what a guarantee depends on is still said.")
    var quiet = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Threads to use; all cores by default.", valueName: "n")
    )
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "YAML file with any options of the command; the command line wins over it.",
            valueName: "file"
        ),
        completion: .file(extensions: ["yaml", "yml"])
    )
    // Its options are put in its place before the command is parsed (`ConfigurationFile`).
    var config: String?

    /// The number of threads to use, whose working memory is there from now on.
    ///
    /// - Throws: `ToolError.badConfiguration` when `--threads` is below 1 or absurdly high;
    ///   `WorkingMemory.Exhausted`.
    func threadCount() throws -> Int {
        let count = threads ?? ProcessInfo.processInfo.activeProcessorCount
        try ToolError.require("--threads", count, in: 1...1_024)
        try WorkingMemory.reserve(threads: count)
        return count
    }

    /// Where the result goes.
    var result: ResultWriter { ResultWriter(isJSON: json) }

    /// A progress display that respects `--quiet`.
    func progress() -> ConsoleProgress { ConsoleProgress(isSilent: quiet) }
}

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
