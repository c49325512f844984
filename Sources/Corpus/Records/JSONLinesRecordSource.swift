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
