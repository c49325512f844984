/// What a file looks like that is not what its name says.
package enum FileKind: String, Sendable {
    case parquet = "Parquet"
    case gzip
    case zip = "a ZIP archive, as .xlsx files are"
    case zstandard = "Zstandard"
    case bzip2
    case xz
    case pdf = "PDF"
    case sqlite = "an SQLite database"
    case utf16 = "text in UTF-16"
    case utf32 = "text in UTF-32"
    case eightBit = "text in Latin-1, Windows-1252 or another encoding of one byte a letter"
    case json = "one JSON value over many lines, or a list"
    case plainText = "text that is no JSON"
    case binary = "binary data"

    /// The first bytes of formats that have such a mark.
    private static let marks: [(FileKind, [UInt8])] = [
        (.parquet, Array("PAR1".utf8)), (.gzip, [0x1F, 0x8B, 0x08]),
        (.zip, [0x50, 0x4B, 0x03, 0x04]), (.zstandard, [0x28, 0xB5, 0x2F, 0xFD]),
        (.bzip2, Array("BZh".utf8)), (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
        (.pdf, Array("%PDF-".utf8)), (.sqlite, Array("SQLite format 3\0".utf8)),
        // Before UTF-16, whose mark it begins with.
        (.utf32, [0xFF, 0xFE, 0x00, 0x00]), (.utf32, [0x00, 0x00, 0xFE, 0xFF]),
        (.utf16, [0xFF, 0xFE]), (.utf16, [0xFE, 0xFF]),
    ]

    /// The kind whose mark the bytes begin with.
    init?(markOf head: [UInt8]) {
        guard let found = Self.marks.first(where: { head.starts(with: $0.1) }) else { return nil }
        self = found.0
    }

    /// The likeliest kind of a file that is known not to be what its name says.
    init(head: [UInt8], isJSONExpected: Bool) {
        if let marked = FileKind(markOf: head) {
            self = marked
            return
        }
        let zeros = head.indices.filter { head[$0] == 0 }
        let isText = !head.contains { $0 < 0x20 && ![0x09, 0x0A, 0x0D, 0].contains($0) }
        if isText, zeros.count * 3 > head.count * 2 {
            self = .utf32
        } else if isText, zeros.count * 4 > head.count, Set(zeros.map { $0 % 2 }).count == 1 {
            self = .utf16
        } else if !zeros.isEmpty || !isText {
            self = .binary
        } else {
            let first = head.first { !isBlank($0) }
            let isJSON = first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
            self = isJSONExpected && isJSON ? .json : .eightBit
            if self == .eightBit, isJSONExpected, UTF8Scan.isValid(head.span) { self = .plainText }
        }
    }

    /// A command that makes the file readable, or what to do where none does.
    package func remedy(_ path: String) -> String {
        switch self {
        case .parquet:
            "Convert it: python3 -c \"import pandas; pandas.read_parquet('\(path)')"
                + ".to_csv('records.csv', index=False)\""
        case .gzip: "Put .gz behind its name, as in records.csv.gz."
        case .zip: "Save the sheet as CSV in UTF-8, or unpack the archive: unzip \(path)"
        case .zstandard: "Unpack it: zstd -d \(path) -o records"
        case .bzip2: "Unpack it: bunzip2 -k \(path)"
        case .xz: "Unpack it: xz -dk \(path)"
        case .pdf: "Take the text out: pdftotext \(path) text.txt"
        case .sqlite:
            "Write a table of it: sqlite3 -header -csv \(path) 'select * from TABLE' > records.csv"
        case .utf16: "Convert it: iconv -f UTF-16 -t UTF-8 \(path) > records"
        case .utf32: "Convert it: iconv -f UTF-32 -t UTF-8 \(path) > records"
        case .eightBit: "Convert it: iconv -f WINDOWS-1252 -t UTF-8 \(path) > records"
        case .json:
            "Write one object a line: jq -c 'if type == \"array\" then .[] else . end' \(path) > records.jsonl"
        case .plainText: "Name it .csv, .tsv or .txt if it is one of these."
        case .binary: "Pass text in UTF-8."
        }
    }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

/// Whether a file is what its name says, judged by all of its records.
///
/// No record decides alone, as what it is must not show in how a command ends. A record is strange if
/// it holds bytes that are not UTF-8 or a NUL, or is no JSON where there should be some. A file is
/// refused if at least twenty of its records are strange, and
///
/// - more than three quarters of them are, or
/// - more than half are and the file begins with the mark of another format.
///
/// A corpus that holds so many strange records is refused with one record more or less, too, unless it
/// lies exactly on that border.
struct FormatCheck {
    private let path: String
    private let format: CorpusFormat
    private let head: [UInt8]
    private var recordCount = 0
    private var strangeCount = 0

    /// A check of the file that begins with `head`.
    init(path: String, format: CorpusFormat, head: [UInt8]) {
        self.path = path
        self.format = format
        self.head = head
    }

    /// Takes what a source gave.
    mutating func add(_ outcome: Result<RecordFields, BadRecord.Reason>) {
        recordCount += 1
        switch outcome {
        case .success(let fields): strangeCount += fields.text.contains(0) ? 1 : 0
        case .failure(.invalidUTF8): strangeCount += 1
        case .failure(.malformedJSON): strangeCount += format == .jsonl ? 1 : 0
        case .failure: break
        }
    }

    /// What the file is instead, after its last record.
    var refusal: CorpusError? {
        let isMarked = FileKind(markOf: head) != nil
        guard strangeCount >= 20, 4 * strangeCount > (isMarked ? 2 : 3) * recordCount else {
            return nil
        }
        return error
    }

    /// What a file looks like that has no record to use anyway.
    var refusalWithoutRecords: CorpusError? {
        strangeCount > 0 && strangeCount == recordCount ? error : nil
    }

    private var error: CorpusError {
        .otherFormat(
            path: path,
            kind: FileKind(head: head, isJSONExpected: format == .jsonl)
        )
    }
}
