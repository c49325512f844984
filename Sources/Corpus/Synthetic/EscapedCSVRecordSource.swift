/// Records of a CSV file without quoting, one a line, in which a backslash escapes commas and
/// backslashes: what Python's `csv.writer(quoting=QUOTE_NONE, escapechar="\\")` writes, and with it
/// aug-pe when its first attempt at a file fails.
///
/// | bytes                                  | meaning                                               |
/// | `\,` and `\\`                          | a comma, a backslash                                  |
/// | `"`                                    | itself; in files that never have it bare also as `\"` |
/// | a backslash before anything else       | not such a file                                       |
struct EscapedCSVRecordSource: RecordSource {
    private var lines: LineReader
    private let columnCount: Int
    private let text: Int
    private let labels: [Int]

    private static let backslash = UInt8(ascii: "\\")
    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")

    /// Reads on from behind the header, with columns by their places; nil unless the file can be
    /// nothing else.
    ///
    /// It cannot if a record is none by RFC 4180, if every line has the header's number of fields by
    /// these rules, and if some comma is escaped: where quotes alone are wrong, it might be either.
    init?(
        path: String,
        header: [[UInt8]],
        text: Int,
        labels: [Int],
        limit: Int
    ) throws(CorpusError) {
        guard try Self.isEveryLine(of: path, like: header, limit: limit),
            try Self.hasBrokenRecord(path, limit: limit)
        else { return nil }
        lines = try LineReader(path: path, limit: limit)
        _ = try lines.next()
        columnCount = header.count
        self.text = text
        self.labels = labels
    }

    var head: [UInt8] { lines.window.head }

    mutating func next() throws(CorpusError) -> Result<RecordFields, BadRecord.Reason>? {
        switch try lines.next() {
        case nil: return nil
        case .tooLong: return .failure(.tooLong)
        case .bytes(let bytes):
            guard let line = Line(bytes), line.fields.count == columnCount else {
                return .failure(.wrongFieldCount)
            }
            return RecordFields(
                text: line.fields[text],
                labels: labels.map { line.fields[$0] },
                user: nil
            ).checked
        }
    }

    private static func isEveryLine(
        of path: String,
        like header: [[UInt8]],
        limit: Int
    ) throws(CorpusError) -> Bool {
        var lines = try LineReader(path: path, limit: limit)
        guard case .bytes(let first)? = try lines.next(), Line(first)?.fields == header else {
            return false
        }
        var (escapesCommas, escapesQuotes, hasBareQuotes) = (false, false, false)
        while let next = try lines.next() {
            guard case .bytes(let bytes) = next, let line = Line(bytes),
                line.fields.count == header.count
            else { return false }
            escapesCommas = escapesCommas || line.escapesCommas
            escapesQuotes = escapesQuotes || line.escapesQuotes
            hasBareQuotes = hasBareQuotes || line.hasBareQuotes
        }
        return escapesCommas && !(escapesQuotes && hasBareQuotes)
    }

    private static func hasBrokenRecord(_ path: String, limit: Int) throws(CorpusError) -> Bool {
        var reader = try CSVReader(path: path, limit: limit)
        while let record = try reader.next() {
            if case .failure = record { return true }
        }
        return false
    }

    /// One line, cut at the commas that are not escaped.
    private struct Line {
        var fields: [[UInt8]] = [[]]
        var escapesCommas = false
        var escapesQuotes = false
        var hasBareQuotes = false

        /// Nil if something is escaped that needs no escape, or nothing is.
        init?(_ bytes: [UInt8]) {
            var isEscaped = false
            for byte in bytes {
                switch (isEscaped, byte) {
                case (false, backslash):
                    isEscaped = true
                    continue
                case (false, comma):
                    fields.append([])
                    continue
                case (false, quote): hasBareQuotes = true
                case (false, _), (true, backslash): break
                case (true, comma): escapesCommas = true
                case (true, quote): escapesQuotes = true
                case (true, _): return nil
                }
                isEscaped = false
                fields[fields.count - 1].append(byte)
            }
            if isEscaped { return nil }
        }
    }
}
