import ArgumentParser
import Corpus

/// `--data` and `--text-column`.
struct DataOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Files of records: .csv, .jsonl or .txt.", valueName: "file")
    )
    var data: [String]

    @Option(help: ArgumentHelp("The column that holds the text.", valueName: "name"))
    var textColumn = "text"

    /// The files.
    ///
    /// - Throws: `ToolError.usage` when there is none.
    func paths() throws -> [String] {
        let paths = ListArgument.paths(data)
        guard !paths.isEmpty else { throw ToolError.usage("--data names no file") }
        return paths
    }
}

/// `--label-columns`, `--label-values`, `--user-column`.
struct ColumnOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("The columns that hold labels.", valueName: "names")
    )
    var labelColumns: [String] = []

    @Option(
        help: ArgumentHelp(
            "JSON file with the public values of each label column.",
            valueName: "file"
        )
    )
    var labelValues: String?

    @Option(help: ArgumentHelp("The column that says whose record it is.", valueName: "name"))
    var userColumn: String?

    /// The label columns, in order.
    var labels: [String] { ListArgument.names(labelColumns) }

    /// What to read.
    func selection(textColumn: String) -> ColumnSelection {
        ColumnSelection(text: textColumn, labels: labels, user: userColumn)
    }
}
