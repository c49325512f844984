import Foundation

/// Streams the records of files, one after another, in bounded memory.
///
/// - A bad record is an outcome like any other: no content of a record ends the reading, and a bad
///   record changes no other record. (An open quote can swallow lines only up to the cap on records;
///   reading goes on after the line that opened it.)
/// - Blank lines are no records.
/// - A byte order mark is skipped. Lines may end in LF or CRLF, CSV records also in CR.
/// - Memory is a few times the cap on records, whatever the file's size.
package struct CorpusReader {
    /// What stands at a place of the corpus.
    package enum Outcome: Sendable {
        /// A record that can be used.
        case record(Record)
        /// A record that has to be dropped.
        case bad(BadRecord)
    }

    /// Records longer than this many bytes are bad, if nothing else is asked for.
    package static let defaultRecordLimit = 1 << 20

    /// The largest cap on records: 64 MiB, for public text of whole books.
    package static let largestRecordLimit = 64 << 20

    private var remaining: [(path: String, source: any RecordSource)]
    private var check: FormatCheck?
    /// What a file looked like of which no record could be used.
    private(set) var suspicion: CorpusError?
    private var number = 0
    private var countInFile = 0

    /// Opens all files and checks their columns.
    ///
    /// - Parameters:
    ///   - paths: Files whose names end in .csv, .tsv, .jsonl or .txt, and .gz if they are compressed;
    ///     formats may differ.
    ///   - columns: The columns to read, in every file.
    ///   - recordLimit: Records of more bytes are bad; in 1...`largestRecordLimit`.
    /// - Throws: `noSuchFile`, `unreadable`, `unsupportedFormat`, `emptyFile`, `missingColumn` (CSV
    ///   and TXT; for JSONL it comes at the end of a file of which no object has the column).
    package init(
        paths: [String],
        columns: ColumnSelection,
        recordLimit: Int = defaultRecordLimit
    ) throws(CorpusError) {
        precondition(
            (1...Self.largestRecordLimit).contains(recordLimit),
            "recordLimit is \(recordLimit); it must be in 1...\(Self.largestRecordLimit)"
        )
        remaining = []
        for path in paths {
            let source = try Self.source(path: path, columns: columns, limit: recordLimit)
            remaining.append((path, source))
        }
        remaining.reverse()
    }

    private static func source(
        path: String,
        columns: ColumnSelection,
        limit: Int
    ) throws(CorpusError) -> any RecordSource {
        switch try CorpusFormat(path: path) {
        case .csv: try CSVRecordSource(path: path, columns: columns, limit: limit)
        case .tsv:
            try CSVRecordSource(path: path, columns: columns, limit: limit, separator: 0x09)
        case .jsonl: try JSONLinesRecordSource(path: path, columns: columns, limit: limit)
        case .txt: try TextLinesRecordSource(path: path, columns: columns, limit: limit)
        }
    }

    /// The next record or bad record; nil after the last file.
    ///
    /// - Throws: `emptyFile` at the end of a file without any record, `otherFormat` at the end of one
    ///   that is not what its name says (see `FormatCheck`), `unreadable` if the disk fails.
    package mutating func next() throws(CorpusError) -> Outcome? {
        while let last = remaining.indices.last {
            let path = remaining[last].path
            guard let result = try remaining[last].source.next() else {
                remaining.removeLast()
                guard countInFile > 0 else { throw .emptyFile(path: path) }
                if let refusal = check?.refusal { throw refusal }
                suspicion = suspicion ?? check?.refusalWithoutRecords
                countInFile = 0
                check = nil
                continue
            }
            if check == nil {
                check = FormatCheck(
                    path: path,
                    format: try CorpusFormat(path: path),
                    head: remaining[last].source.head
                )
            }
            check?.add(result)
            number += 1
            countInFile += 1
            switch result {
            case .failure(let reason): return .bad(BadRecord(number: number, reason: reason))
            case .success(let fields):
                return .record(
                    Record(
                        number: number,
                        text: fields.text,
                        labels: fields.labels,
                        user: fields.user
                    )
                )
            }
        }
        return nil
    }

    /// All records of the files, and the bad ones; in memory.
    ///
    /// - Throws: What `init` and `next` throw, and `noUsableRecord` if there are only bad ones.
    package static func readAll(
        paths: [String],
        columns: ColumnSelection,
        recordLimit: Int = defaultRecordLimit
    ) throws(CorpusError) -> (records: [Record], bad: [BadRecord]) {
        var reader = try CorpusReader(paths: paths, columns: columns, recordLimit: recordLimit)
        var records: [Record] = []
        var bad: [BadRecord] = []
        while let outcome = try reader.next() {
            switch outcome {
            case .record(let record): records.append(record)
            case .bad(let record): bad.append(record)
            }
        }
        guard !records.isEmpty else {
            throw reader.suspicion ?? .noUsableRecord(paths: paths)
        }
        return (records, bad)
    }
}

/// The formats of record files, told by the file's extension; `.gz` behind it means compressed.
package enum CorpusFormat: String, CaseIterable, Sendable {
    /// Comma-separated values with a header (RFC 4180).
    case csv
    /// The same with tabs for commas.
    case tsv
    /// One JSON object a line.
    case jsonl
    /// One text a line.
    case txt

    /// The format of the file of that path.
    package init(path: String) throws(CorpusError) {
        let name = URL(fileURLWithPath: StandardInput.named(path))
        let inner = Self.isCompressed(path) ? name.deletingPathExtension() : name
        guard let format = CorpusFormat(rawValue: inner.pathExtension.lowercased()) else {
            throw .unsupportedFormat(path: path)
        }
        self = format
    }

    /// Whether the file of that path is gzip by its name.
    static func isCompressed(_ path: String) -> Bool {
        StandardInput.named(path).lowercased().hasSuffix(".gz")
    }

    /// What stands between the fields of a table's row; nil if the format is no table.
    var separator: UInt8? {
        switch self {
        case .csv: UInt8(ascii: ",")
        case .tsv: 0x09
        case .jsonl, .txt: nil
        }
    }
}
