/// Records of a CSV or TSV file.
struct CSVRecordSource: RecordSource {
    private var reader: CSVReader
    private let text: Int
    private let labels: [Int]
    private let user: Int?

    /// Opens the file; a selected column that the header lacks is an error.
    init(
        path: String,
        columns: ColumnSelection,
        limit: Int,
        separator: UInt8 = CSVReader.comma
    ) throws(CorpusError) {
        let reader = try CSVReader(path: path, limit: limit, separator: separator)
        let places = try reader.indices(of: columns.all, path: path)
        let labels = places[1..<1 + columns.labels.count]
        self.init(
            reader: reader,
            text: places[0],
            labels: Array(labels),
            user: columns.user == nil ? nil : places.last
        )
    }

    /// Reads on from behind the header, with columns by their places.
    init(reader: CSVReader, text: Int, labels: [Int], user: Int? = nil) {
        self.reader = reader
        self.text = text
        self.labels = labels
        self.user = user
    }

    var head: [UInt8] { reader.window.head }

    mutating func next() throws(CorpusError) -> Result<RecordFields, BadRecord.Reason>? {
        switch try reader.next() {
        case nil: return nil
        case .failure(let reason): return .failure(reason)
        case .success(let fields):
            let record = RecordFields(
                text: fields[text],
                labels: labels.map { fields[$0] },
                user: user.map { fields[$0] }
            )
            return record.checked
        }
    }
}
