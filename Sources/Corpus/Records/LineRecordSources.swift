/// Records of a file with one JSON object a line.
struct JSONLinesRecordSource: RecordSource {
    private let path: String
    private let columns: ColumnSelection
    private var lines: LineReader
    private var unseen: [String]
    private var hasObjects = false

    /// Opens the file.
    init(path: String, columns: ColumnSelection, limit: Int) throws(CorpusError) {
        self.path = path
        self.columns = columns
        lines = try LineReader(path: path, limit: limit)
        unseen = columns.all
    }

    var head: [UInt8] { lines.window.head }

    mutating func next() throws(CorpusError) -> Result<RecordFields, BadRecord.Reason>? {
        switch try lines.next() {
        case nil:
            guard let column = unseen.first, hasObjects else { return nil }
            throw .missingColumn(path: path, column: column, from: .objects)
        case .tooLong: return .failure(.tooLong)
        case .bytes(let line): return fields(of: line)
        }
    }

    /// The keys of the first object of a file, in their order; none if there is no object.
    static func firstKeys(path: String, limit: Int) throws(CorpusError) -> [[UInt8]] {
        var lines = try LineReader(path: path, limit: limit)
        while let line = try lines.next() {
            guard case .bytes(let bytes) = line, let value = try? JSONParser.parse(bytes),
                case .object(let members) = value
            else { continue }
            return members.map(\.key)
        }
        return []
    }

    private mutating func fields(of line: [UInt8]) -> Result<RecordFields, BadRecord.Reason> {
        let value: JSONValue
        do {
            value = try JSONParser.parse(line)
        } catch {
            return .failure(Self.reason(error.problem))
        }
        guard case .object = value else { return .failure(.malformedJSON) }
        hasObjects = true
        unseen.removeAll { value[$0] != nil }
        do {
            let text = try Self.scalar(value[columns.text], orElse: .emptyText)
            guard case .string? = value[columns.text] else { return .failure(.wrongType) }
            let labels = try columns.labels.map { (name) throws(BadRecord.Reason) in
                try Self.scalar(value[name], orElse: .missingValue)
            }
            let user = try columns.user.map { (name) throws(BadRecord.Reason) in
                try Self.scalar(value[name], orElse: .missingValue)
            }
            return RecordFields(text: text, labels: labels, user: user).checked
        } catch {
            return .failure(error)
        }
    }

    private static func scalar(
        _ value: JSONValue?,
        orElse reason: BadRecord.Reason
    ) throws(BadRecord.Reason) -> [UInt8] {
        guard let value, value != .null else { throw reason }
        guard let bytes = value.scalarText else { throw .wrongType }
        return bytes
    }

    private static func reason(_ problem: JSONError.Problem) -> BadRecord.Reason {
        switch problem {
        case .notUTF8: .invalidUTF8
        case .duplicateKey: .duplicateKey
        case .syntax, .tooDeep: .malformedJSON
        }
    }
}

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

/// The lines of a file that are not blank, without their LF or CRLF.
struct LineReader {
    /// A line, or the news that one was too long to be kept.
    enum Line: Equatable {
        case bytes([UInt8])
        case tooLong
    }

    let window: ByteWindow
    private let limit: Int

    /// Reads lines of at most `limit` bytes.
    init(path: String, limit: Int) throws(CorpusError) {
        window = try ByteWindow(path: path)
        self.limit = limit
    }

    /// The next line that is not blank, or nil at the end.
    mutating func next() throws(CorpusError) -> Line? {
        var searched = 0
        while true {
            let unseen = window.start + searched
            if let end = window.bytes[unseen...].firstIndex(of: 0x0A) {
                if let line = take(to: end, next: end + 1) { return line }
                searched = 0
            } else if window.isAtEnd {
                guard window.available > 0 else { return nil }
                if let line = take(to: window.bytes.count, next: window.bytes.count) { return line }
                searched = 0
            } else if window.available > limit + 1 {
                try window.skipLine()
                return .tooLong
            } else {
                searched = window.available
                try window.fill()
            }
        }
    }

    /// The line up to `end`, or nil if it is blank.
    private func take(to end: Int, next: Int) -> Line? {
        var line = window.bytes[window.start..<end]
        window.start = next
        if line.last == 0x0D { line.removeLast() }
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return nil }
        return line.count > limit ? .tooLong : .bytes(Array(line))
    }
}
