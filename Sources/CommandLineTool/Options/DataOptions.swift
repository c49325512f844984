import ArgumentParser
import Corpus

/// `--data` and `--text-column`.
struct DataOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Files of records: .csv, .jsonl or .txt.", valueName: "file"),
        completion: .file()
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

extension ColumnSelection {
    /// Refuses the text or the user as a label, and any other column with two purposes.
    ///
    /// - Throws: `ToolError.usage`.
    func requireOnePurposeEach() throws {
        guard let name = columnWithTwoPurposes else { return }
        throw ToolError.usage(
            "the column \"\(name)\" is named twice among --text-column, --label-columns and"
                + " --user-column; label values are public, text and users are not"
        )
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
        ),
        completion: .file()
    )
    var labelValues: String?

    @Option(help: ArgumentHelp("The column that says whose record it is.", valueName: "name"))
    var userColumn: String?

    /// The label columns, in order.
    var labels: [String] { ListArgument.names(labelColumns) }

    /// What to read.
    ///
    /// - Throws: `ToolError.usage` for a column with two purposes.
    func selection(textColumn: String) throws -> ColumnSelection {
        let selection = ColumnSelection(text: textColumn, labels: labels, user: userColumn)
        try selection.requireOnePurposeEach()
        return selection
    }

    /// Refuses a limit on the records of users where there are none.
    ///
    /// - Throws: `ToolError.usage`.
    func requireUsers(for maxRecordsPerUser: Int?) throws {
        guard maxRecordsPerUser == nil || userColumn != nil else {
            throw ToolError.usage(
                "--max-records-per-user does nothing without --user-column, which says whose record"
                    + " it is; the unit of privacy would be a single record"
            )
        }
    }
}
