/// Writes synthetic records to a file that appears whole or not at all.
///
/// | format   | what is written                                                                 |
/// | .csv     | header `text` and the label columns; RFC 4180, CRLF between records             |
/// | .tsv     | the same with TABs for commas                                                   |
/// | .jsonl   | one object a line, the same keys                                                |
/// | .txt     | the text alone, a line each: its line ends become spaces; labels are left out    |
///
/// A name that ends in .gz is written compressed. Text is verbatim but for bytes that are not UTF-8, which become U+FFFD.
package struct SyntheticTextWriter {
    /// What happens to fields that a spreadsheet would run as a formula.
    package enum Formulas: Sendable {
        /// They are written as they are.
        case verbatim
        /// A CSV field that starts with = + - @ TAB CR or NUL gets an apostrophe before it (CWE-1236).
        case guarded
    }

    private let file: OutputFile
    private let format: CorpusFormat
    private let labelColumns: [String]
    private let formulas: Formulas

    /// The name of the text column, whatever the input called its own.
    package static let textColumn = "text"

    /// Starts a file; nothing is at `path` before `finish`, and what was there stays till then.
    ///
    /// `-` is standard output, which gets `outputFormat`.
    ///
    /// - Throws: `unsupportedFormat`, `invalidLabelSet` for a label column called `text`, `cannotWrite`.
    package init(
        path: String,
        labelColumns: [String],
        formulas: Formulas = .verbatim,
        outputFormat: CorpusFormat = .csv
    ) throws(CorpusError) {
        let format = path == StandardInput.name ? outputFormat : try CorpusFormat(path: path)
        try self.init(
            file: try OutputFile(path: path),
            format: format,
            labelColumns: labelColumns,
            formulas: formulas
        )
    }

    /// Starts writing to a file that is open.
    init(
        file: OutputFile,
        format: CorpusFormat,
        labelColumns: [String],
        formulas: Formulas
    ) throws(CorpusError) {
        guard !labelColumns.contains(where: { $0.utf8.elementsEqual(Self.textColumn.utf8) }) else {
            throw .invalidLabelSet(problem: "a label column is called \"text\", as the text is")
        }
        self.file = file
        self.format = format
        self.labelColumns = labelColumns
        self.formulas = formulas
        if format.separator != nil {
            try file.write(csvLine(([Self.textColumn] + labelColumns).map { Array($0.utf8) }))
        }
    }

    /// Adds one record.
    ///
    /// - Precondition: There is one label per label column.
    package func write(text: [UInt8], labels: [[UInt8]]) throws(CorpusError) {
        precondition(
            labels.count == labelColumns.count,
            "\(labels.count) labels for \(labelColumns.count) label columns"
        )
        let text = UTF8Scan.repaired(text)
        switch format {
        case .csv, .tsv: try file.write(csvLine([text] + labels.map(UTF8Scan.repaired)))
        case .jsonl: try file.write(jsonLine(text, labels.map(UTF8Scan.repaired)))
        case .txt: try file.write(Self.oneLine(text))
        }
    }

    /// Puts the file in its place.
    package func finish() throws(CorpusError) { try file.finish() }

    private func csvLine(_ fields: [[UInt8]]) -> [UInt8] {
        let separator = [format.separator ?? CSVReader.comma]
        return Array(fields.map(csvField).joined(separator: separator)) + [0x0D, 0x0A]
    }

    private func csvField(_ field: [UInt8]) -> [UInt8] {
        var field = field
        if formulas == .guarded, let first = field.first, Self.formulaStarts.contains(first) {
            field.insert(UInt8(ascii: "'"), at: 0)
        }
        let quote = UInt8(ascii: "\"")
        let needsQuotes =
            field.isEmpty
            || field.contains { $0 == quote || $0 == format.separator || $0 == 0x0A || $0 == 0x0D }
        guard needsQuotes else { return field }
        let doubled = field.flatMap { $0 == quote ? [quote, quote] : [$0] }
        return [quote] + doubled + [quote]
    }

    private static let formulaStarts: [UInt8] = Array("=+-@\t\r\0".utf8)

    private func jsonLine(_ text: [UInt8], _ labels: [[UInt8]]) -> [UInt8] {
        var line = Array("{\"text\": ".utf8)
        JSONText.appendString(text, to: &line)
        for (column, label) in zip(labelColumns, labels) {
            line.append(contentsOf: ", ".utf8)
            JSONText.appendString(Array(column.utf8), to: &line)
            line.append(contentsOf: ": ".utf8)
            JSONText.appendString(label, to: &line)
        }
        return line + Array("}\n".utf8)
    }

    private static func oneLine(_ text: [UInt8]) -> [UInt8] {
        var line: [UInt8] = []
        for (index, byte) in text.enumerated() {
            if byte == 0x0A, index > 0, text[index - 1] == 0x0D { continue }
            line.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte)
        }
        return line + [0x0A]
    }
}
