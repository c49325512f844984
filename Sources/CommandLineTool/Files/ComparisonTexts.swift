import Corpus
import Evaluation
import PrivateEvolution

/// Reads the texts of a comparison.
struct ComparisonTexts {
    /// The columns of every file.
    let columns: ColumnSelection

    /// Real records.
    func real(_ path: String) throws -> TextSet {
        let records = try CorpusReader.readAll(paths: [path], columns: columns).records
        return textSet(records.map { ($0.text, $0.labels) })
    }

    /// Synthetic records, ours or another tool's, with their guarantee.
    ///
    /// - Parameters:
    ///   - text: Its name and what is said of it.
    ///   - path: Where it is, if not where it says.
    /// - Returns: What can be used of it.
    /// - Throws: `CorpusError`, or `ToolError` for a manifest that cannot be read.
    func synthetic(_ text: ComparedText, at path: String? = nil) throws -> SyntheticSet {
        let found = try SyntheticTextReader.read(
            path: Self.file(path ?? text.path),
            columns: columns
        )
        let (claim, notes) = try guarantee(of: text, file: found.path)
        return SyntheticSet(
            name: text.name,
            series: text.series,
            set: textSet(found.items.map { ($0.text, $0.labels) }),
            claim: claim,
            notes: found.notes + notes
        )
    }

    /// The texts of an evolution of ours, if the path is its folder or that of one of its iterations.
    private static func file(_ path: String) -> String {
        EvolutionFolder(path: path).text ?? path
    }

    /// What the manifest beside the file says, or else the user.
    private func guarantee(
        of text: ComparedText,
        file: String
    ) throws -> (PrivacyClaim?, [String]) {
        guard let manifest = try TextManifest.read(beside: file) else { return (text.stated, []) }
        guard try manifest.describes(file) else {
            return (text.stated, ["The manifest beside the file belongs to other text; not used."])
        }
        let claim = manifest.claim
        guard let stated = text.stated, !stated.spendsAsMuch(as: claim) else { return (claim, []) }
        return (claim, ["Another epsilon was stated than the manifest's, which is used."])
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
