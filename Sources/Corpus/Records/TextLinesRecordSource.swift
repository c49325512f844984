/// Records of a file with one text a line and no other column.
struct TextLinesRecordSource: RecordSource {
    private var lines: LineReader

    /// Opens the file; asking it for labels or users is an error.
    init(path: String, columns: ColumnSelection, limit: Int) throws(CorpusError) {
        if let column = columns.labels.first ?? columns.user {
            throw .missingColumn(path: path, column: column, from: .plainText)
        }
        lines = try LineReader(path: path, limit: limit)
    }

    var head: [UInt8] { lines.window.head }

    mutating func next() throws(CorpusError) -> Result<RecordFields, BadRecord.Reason>? {
        switch try lines.next() {
        case nil: nil
        case .tooLong: .failure(.tooLong)
        case .bytes(let line): RecordFields(text: line, labels: [], user: nil).checked
        }
    }
}
