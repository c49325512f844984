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

    private var remaining: [(path: String, source: any RecordSource)]
    private var number = 0
    private var countInFile = 0

    /// Opens all files and checks their columns.
    ///
    /// - Parameters:
    ///   - paths: Files whose names end in .csv, .jsonl or .txt; formats may differ.
    ///   - columns: The columns to read, in every file.
    ///   - recordLimit: Records of more bytes are bad.
    /// - Throws: `noSuchFile`, `unreadable`, `unsupportedFormat`, `emptyFile`, `missingColumn` (CSV
    ///   and TXT; for JSONL it comes at the end of a file of which no object has the column).
    package init(
        paths: [String],
        columns: ColumnSelection,
        recordLimit: Int = defaultRecordLimit
    ) throws(CorpusError) {
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
        case .jsonl: try JSONLinesRecordSource(path: path, columns: columns, limit: limit)
        case .txt: try TextLinesRecordSource(path: path, columns: columns, limit: limit)
        }
    }

    /// The next record or bad record; nil after the last file.
    ///
    /// - Throws: `emptyFile` at the end of a file without any record, `unreadable` if the disk fails.
    package mutating func next() throws(CorpusError) -> Outcome? {
        while let last = remaining.indices.last {
            guard let result = try remaining[last].source.next() else {
                let path = remaining.removeLast().path
                guard countInFile > 0 else { throw .emptyFile(path: path) }
                countInFile = 0
                continue
            }
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
}
