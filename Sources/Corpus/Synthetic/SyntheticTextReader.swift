/// Synthetic records as read from a file or from the result folder of another system.
package struct SyntheticText: Sendable {
    /// One synthetic record.
    package struct Item: Equatable, Sendable {
        /// The text, valid UTF-8, not empty.
        package let text: [UInt8]
        /// The values of the label columns, in their order.
        package let labels: [[UInt8]]
    }

    /// The file that was read.
    package let path: String
    /// The records that can be used.
    package let items: [Item]
    /// How many rows could not be used.
    package let droppedCount: Int
    /// What a reader of the comparison should know about the source, a sentence each.
    package let notes: [String]
}

/// Reads synthetic text: our own files, and what other systems leave behind.
///
/// Reads `.csv`, `.tsv`, `.jsonl` and `.txt`, compressed or not, `*.generations.csv` of dp-transformers, result folders of aug-pe
/// and of the Private Evolution library. Rows that cannot be used are counted. Counts without noise that
/// some systems store beside their texts are never read, and their presence is noted.
package enum SyntheticTextReader {
    /// Reads the records of a file or folder.
    ///
    /// - Parameters:
    ///   - path: A file, or a result folder of which the last iteration is read.
    ///   - columns: The text column (`text` and `PE.TEXT` are tried too) and the label columns.
    ///   - labelSet: The values to match labels with, so that `5.0` and `Review Stars: 5.0` are one
    ///     label; rows with a label of no such value are dropped. Without it labels are as found.
    /// - Returns: The records, and notes about their source.
    /// - Throws: `noSuchFile`, `unknownFolder`, `unsupportedFormat`, `missingColumn`, `emptyFile`,
    ///   `noUsableRecord`.
    package static func read(
        path: String,
        columns: ColumnSelection,
        labelSet: LabelSet? = nil
    ) throws(CorpusError) -> SyntheticText {
        var source = try SyntheticSource.find(path)
        var rows = try rows(of: source, columns: columns, notes: &source.notes)
        var items: [SyntheticText.Item] = []
        var droppedCount = 0
        var check = FormatCheck(
            path: source.path,
            format: try CorpusFormat(path: source.path),
            head: rows.head
        )
        while let row = try rows.next() {
            check.add(row)
            guard case .success(let fields) = row,
                let labels = labelSet.map({ $0.ownSpelling(of: fields.labels) }) ?? fields.labels
            else {
                droppedCount += 1
                continue
            }
            items.append(SyntheticText.Item(text: fields.text, labels: labels))
        }
        guard droppedCount + items.count > 0 else { throw .emptyFile(path: source.path) }
        if let refusal = items.isEmpty ? check.refusalWithoutRecords : check.refusal {
            throw refusal
        }
        guard !items.isEmpty else { throw .noUsableRecord(paths: [source.path]) }
        if droppedCount > 0 { source.notes.append("\(droppedCount) rows could not be used.") }
        return SyntheticText(
            path: source.path,
            items: items,
            droppedCount: droppedCount,
            notes: source.notes
        )
    }

    private static func rows(
        of source: SyntheticSource,
        columns: ColumnSelection,
        notes: inout [String]
    ) throws(CorpusError) -> any RecordSource {
        let limit = CorpusReader.defaultRecordLimit
        let columns = ColumnSelection(text: columns.text, labels: columns.labels)
        let format = try CorpusFormat(path: source.path)
        switch format {
        case .jsonl:
            let keys = try JSONLinesRecordSource.firstKeys(path: source.path, limit: limit)
            var found = columns
            // An object that lacks a column may be one of a few; the others decide then.
            if let places = try? SyntheticColumns(header: keys, source: source, columns: columns) {
                notes += places.notes
                let names = keys.map { String(decoding: $0, as: UTF8.self) }
                found = ColumnSelection(
                    text: names[places.text],
                    labels: places.labels.map { names[$0] }
                )
            }
            return try JSONLinesRecordSource(path: source.path, columns: found, limit: limit)
        case .txt:
            return try TextLinesRecordSource(path: source.path, columns: columns, limit: limit)
        case .csv, .tsv:
            let separator = format.separator ?? CSVReader.comma
            let reader = try CSVReader(path: source.path, limit: limit, separator: separator)
            let places = try SyntheticColumns(
                header: reader.header,
                source: source,
                columns: columns
            )
            notes += places.notes
            if format == .csv,
                let escaped = try EscapedCSVRecordSource(
                    path: source.path,
                    header: reader.header,
                    text: places.text,
                    labels: places.labels,
                    limit: limit
                )
            {
                notes.append("Commas are escaped by backslashes; nothing is quoted.")
                return escaped
            }
            return CSVRecordSource(reader: reader, text: places.text, labels: places.labels)
        }
    }
}
