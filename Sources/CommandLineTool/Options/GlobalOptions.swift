import ArgumentParser
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
