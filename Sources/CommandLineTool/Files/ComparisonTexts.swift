import Corpus
import Evaluation

/// Reads the texts of a comparison.
struct ComparisonTexts {
    /// The columns of every file.
    let columns: ColumnSelection

    /// Real records.
    func real(_ path: String) throws -> TextSet {
        let records = try CorpusReader.readAll(paths: [path], columns: columns).records
        return textSet(records.map { ($0.text, $0.labels) })
    }

    /// Synthetic records, ours or another tool's.
    func synthetic(_ argument: SyntheticArgument) throws -> SyntheticSet {
        let found = try SyntheticTextReader.read(path: argument.path, columns: columns)
        return SyntheticSet(
            name: argument.name,
            set: textSet(found.items.map { ($0.text, $0.labels) }),
            notes: found.notes
        )
    }

    private func textSet(_ records: [(text: [UInt8], labels: [[UInt8]])]) -> TextSet {
        var labels: [String: [String]] = [:]
        for (place, column) in columns.labels.enumerated() {
            labels[column] = records.map { String(decoding: $0.labels[place], as: UTF8.self) }
        }
        return TextSet(
            texts: records.map { String(decoding: $0.text, as: UTF8.self) },
            labels: labels
        )
    }
}
