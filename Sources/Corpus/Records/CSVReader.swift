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

/// The records of a CSV file as lists of fields, streaming.
struct CSVReader {
    /// The names in the header, as bytes.
    let header: [[UInt8]]
    let window: ByteWindow
    private let limit: Int
    private let separator: UInt8

    static let comma = UInt8(ascii: ",")

    /// More columns than this are no table.
    private static let columnLimit = 10_000

    /// Opens the file and reads its header; records longer than `limit` bytes are dropped.
    init(path: String, limit: Int, separator: UInt8 = comma) throws(CorpusError) {
        window = try ByteWindow(path: path)
        self.limit = limit
        self.separator = separator
        let first = try Self.next(
            in: window,
            limit: limit,
            separator: separator,
            fieldLimits: 1...Self.columnLimit
        )
        switch first {
        case nil: throw .emptyFile(path: path)
        case .failure:
            throw Self.otherFormat(window, path)
                ?? .malformedFile(path: path, problem: "its first line is no CSV header")
        case .success(let fields): header = fields
        }
    }

    /// What a file is that cannot be read as a table, if its first bytes tell.
    ///
    /// For files that are refused in any case, as a record may stand where the header should.
    private static func otherFormat(_ window: ByteWindow, _ path: String) -> CorpusError? {
        let kind =
            FileKind(markOf: window.head)
            ?? (window.head.contains(0) ? FileKind(head: window.head, isJSONExpected: false) : nil)
        return kind.map { .otherFormat(path: path, kind: $0) }
    }

    /// The place of each named column.
    func indices(of columns: [String], path: String) throws(CorpusError) -> [Int] {
        var indices: [Int] = []
        for column in columns {
            let places = header.indices.filter { header[$0] == Array(column.utf8) }
            guard let place = places.first else {
                throw Self.otherFormat(window, path)
                    ?? .missingColumn(
                        path: path,
                        column: column,
                        from: .firstLine(fieldCount: header.count)
                    )
            }
            guard places.count == 1 else {
                throw .malformedFile(path: path, problem: "column \"\(column)\" occurs twice")
            }
            indices.append(place)
        }
        return indices
    }

    /// The next record's fields, as many as the header's; nil at the end.
    ///
    /// Blank lines are skipped.
    mutating func next() throws(CorpusError) -> Result<[[UInt8]], BadRecord.Reason>? {
        try Self.next(
            in: window,
            limit: limit,
            separator: separator,
            fieldLimits: header.count...header.count
        )
    }

    private static func next(
        in window: ByteWindow,
        limit: Int,
        separator: UInt8,
        fieldLimits: ClosedRange<Int>
    ) throws(CorpusError) -> Result<[[UInt8]], BadRecord.Reason>? {
        while true {
            guard window.available > 0 || !window.isAtEnd else { return nil }
            let outcome =
                window.available == 0
                ? .needsMore
                : CSVScanner.scan(
                    window.bytes.span,
                    from: window.start,
                    isAtEnd: window.isAtEnd,
                    separator: separator,
                    fieldLimit: fieldLimits.upperBound
                )
            switch outcome {
            case .needsMore:
                guard window.available <= limit + 2 else { return try drop(.tooLong, window) }
                try window.fill()
            case .bad(let reason, let index):
                return try drop(index - window.start <= limit ? reason : .tooLong, window)
            case .record(let fields, let next):
                guard next - window.start <= limit + 2 else { return try drop(.tooLong, window) }
                let isBlank =
                    window.bytes[window.start] == 0x0A || window.bytes[window.start] == 0x0D
                guard isBlank || fieldLimits.contains(fields.count) else {
                    return try drop(.wrongFieldCount, window)
                }
                window.start = next
                if !isBlank { return .success(fields) }
            }
        }
    }

    /// Goes on after the first line of a bad record: the further ones may be records of their own,
    /// swallowed by a quote that was never closed.
    private static func drop(
        _ reason: BadRecord.Reason,
        _ window: ByteWindow
    ) throws(CorpusError) -> Result<[[UInt8]], BadRecord.Reason> {
        try window.skipLine(endingIn: [0x0A, 0x0D])
        return .failure(reason)
    }
}
