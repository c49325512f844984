/// Reads synthetic text: our own files, and what other systems leave behind.
///
/// Reads `.csv`, `.jsonl` and `.txt`, `*.generations.csv` of dp-transformers, result folders of aug-pe
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
        while let row = try rows.next() {
            guard case .success(let fields) = row,
                let labels = labelSet.map({ $0.matching(fields.labels) }) ?? fields.labels
            else {
                droppedCount += 1
                continue
            }
            items.append(SyntheticText.Item(text: fields.text, labels: labels))
        }
        guard droppedCount + items.count > 0 else { throw .emptyFile(path: source.path) }
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
        switch try CorpusFormat(path: source.path) {
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
        case .csv:
            let reader = try CSVReader(path: source.path, limit: limit)
            let places = try SyntheticColumns(
                header: reader.header,
                source: source,
                columns: columns
            )
            notes += places.notes
            if let escaped = try EscapedCSVRecordSource(
                path: source.path,
                header: reader.header,
                text: places.text,
                labels: places.labels,
                limit: limit
            ) {
                notes.append("Commas are escaped by backslashes; nothing is quoted.")
                return escaped
            }
            return CSVRecordSource(reader: reader, text: places.text, labels: places.labels)
        }
    }
}

extension LabelSet {
    /// The set's own spelling of the values, a `Name: ` before either spelling ignored; nil if a
    /// value is not of the set, or could be two.
    func matching(_ labels: [[UInt8]]) -> [[UInt8]]? {
        guard labels.count == columns.count else { return nil }
        var matched: [[UInt8]] = []
        for (column, label) in labels.enumerated() {
            guard let value = matching(label, column: column) else { return nil }
            matched.append(value)
        }
        return matched
    }

    private func matching(_ label: [UInt8], column: Int) -> [UInt8]? {
        if index(of: label, inColumn: column) != nil { return label }
        let candidates = values[column].map { Array($0.utf8) }.filter {
            Self.bare($0) == label || $0 == Self.bare(label)
        }
        return candidates.count == 1 ? candidates[0] : nil
    }

    /// What follows the first `: `, or the whole value.
    private static func bare(_ value: [UInt8]) -> [UInt8] {
        for index in value.indices.dropLast()
        where value[index] == UInt8(ascii: ":") && value[index + 1] == 0x20 {
            return Array(value[(index + 2)...])
        }
        return value
    }
}
