/// Cuts one CSV record out of a buffer (RFC 4180; LF, CRLF and CR all end a record).
///
/// With TAB for the comma it reads TSV as spreadsheets and data frames write it, quotes included.
///
/// Our own, because a field is bytes here: libraries that hand out `String` cannot keep a record with
/// bytes that are not UTF-8 apart from its neighbours, and one that reads whole files cannot stream.
///
/// | input                                  | result                                           |
/// | quote inside an unquoted field         | an ordinary byte, as other readers take it       |
/// | text after a closing quote             | bad                                              |
/// | more fields than expected              | bad                                              |
/// | quote still open at the end of file    | bad                                              |
///
/// Wherever the fault of a bad record surfaces, the quote that caused it may have been opened lines
/// before: reading goes on after the record's *first* line.
struct CSVScanner {
    /// What was found.
    enum Outcome {
        /// A record, and where the next one starts.
        case record([[UInt8]], next: Int)
        /// No record, and how far the bytes were looked at.
        case bad(BadRecord.Reason, scannedTo: Int)
        /// The buffer ends within the record.
        case needsMore
    }

    private enum FieldEnd {
        case comma(Int)
        case record(Int)
        case failure(Outcome)
    }

    private static let quote = UInt8(ascii: "\"")

    /// Scans from `start`, which must be less than `bytes.count`.
    static func scan(
        _ bytes: Span<UInt8>,
        from start: Int,
        isAtEnd: Bool,
        separator: UInt8,
        fieldLimit: Int
    ) -> Outcome {
        var fields: [[UInt8]] = []
        var index = start
        while true {
            guard fields.count < fieldLimit else {
                return .bad(.wrongFieldCount, scannedTo: index)
            }
            var field: [UInt8] = []
            let isQuoted = index < bytes.count && bytes[index] == quote
            let end =
                isQuoted
                ? scanQuoted(bytes, from: index + 1, isAtEnd: isAtEnd, separator, into: &field)
                : scanPlain(bytes, from: index, isAtEnd: isAtEnd, separator, into: &field)
            fields.append(field)
            switch end {
            case .comma(let next): index = next
            case .record(let next): return .record(fields, next: next)
            case .failure(let outcome): return outcome
            }
        }
    }

    private static func scanPlain(
        _ bytes: Span<UInt8>,
        from start: Int,
        isAtEnd: Bool,
        _ separator: UInt8,
        into field: inout [UInt8]
    ) -> FieldEnd {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == separator { return .comma(index + 1) }
            if byte == 0x0A || byte == 0x0D { break }
            field.append(byte)
            index += 1
        }
        return lineEnd(bytes, at: index, isAtEnd: isAtEnd)
    }

    private static func scanQuoted(
        _ bytes: Span<UInt8>,
        from open: Int,
        isAtEnd: Bool,
        _ separator: UInt8,
        into field: inout [UInt8]
    ) -> FieldEnd {
        var index = open
        while index < bytes.count {
            if bytes[index] != quote {
                field.append(bytes[index])
                index += 1
            } else if index + 1 < bytes.count, bytes[index + 1] == quote {
                field.append(quote)
                index += 2
            } else {
                return afterQuote(bytes, at: index + 1, isAtEnd: isAtEnd, separator)
            }
        }
        return .failure(isAtEnd ? .bad(.unterminatedQuote, scannedTo: index) : .needsMore)
    }

    private static func afterQuote(
        _ bytes: Span<UInt8>,
        at index: Int,
        isAtEnd: Bool,
        _ separator: UInt8
    ) -> FieldEnd {
        guard index < bytes.count else { return lineEnd(bytes, at: index, isAtEnd: isAtEnd) }
        switch bytes[index] {
        case separator: return .comma(index + 1)
        case 0x0A, 0x0D: return lineEnd(bytes, at: index, isAtEnd: isAtEnd)
        default: return .failure(.bad(.malformedQuotes, scannedTo: index))
        }
    }

    /// The end of a record at an LF, CR, CRLF or the end of the file.
    private static func lineEnd(_ bytes: Span<UInt8>, at index: Int, isAtEnd: Bool) -> FieldEnd {
        guard index < bytes.count else {
            return isAtEnd ? .record(index) : .failure(.needsMore)
        }
        if bytes[index] == 0x0A { return .record(index + 1) }
        guard index + 1 < bytes.count else {
            return isAtEnd ? .record(index + 1) : .failure(.needsMore)
        }
        return .record(bytes[index + 1] == 0x0A ? index + 2 : index + 1)
    }
}
