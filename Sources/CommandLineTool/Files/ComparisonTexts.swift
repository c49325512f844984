import Checkpoints
import Corpus
import DifferentialPrivacy
import Evaluation
import Foundation
import Kernels
import LanguageModel
import PrivateEvolution
import PrivatePrediction

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

    /// The texts of a run of ours, if the path is its folder or that of one of its iterations.
    private static func file(_ path: String) -> String {
        EvolutionFolder(path: path).text ?? PredictionFolder(path: path).text ?? path
    }

    /// What the manifest beside the file says, or else the user.
    private func guarantee(
        of text: ComparedText,
        file: String
    ) throws -> (PrivacyClaim?, [String]) {
        guard let manifest = try Provenance.read(beside: file) else { return (text.stated, []) }
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

/// `--canaries FILE`: planted texts, each with the fillers that it is ranked among.
enum CanaryFile {
    /// Reads `[{"text": "…", "fillers": ["…", …]}, …]`, every text with at least one filler.
    ///
    /// - Throws: `ToolError`; its message quotes none of the texts.
    static func read(_ path: String) throws -> [Canary] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ToolError.missingInput("\(path): no such file (--canaries)")
        }
        guard let canaries = try? JSONDecoder().decode([Canary].self, from: data),
            !canaries.isEmpty, canaries.allSatisfy({ !$0.fillers.isEmpty && !$0.text.isEmpty })
        else {
            throw ToolError.badConfiguration(
                "\(path): must be a JSON list of {\"text\", \"fillers\"}, every list of fillers with "
                    + "at least one text (--canaries)"
            )
        }
        return canaries
    }
}

/// `--embedding DIR`: a BERT-style sentence encoder, or a GPT-2 whose hidden states are averaged.
enum EmbeddingFolder {
    /// Opens the embedder in the folder.
    ///
    /// - Throws: `ToolError.missingInput`; `ToolError.badConfiguration` for a model whose vectors are not
    ///   finite, by which private records would vote at random; `CheckpointError`, `CorpusError`.
    static func embedder(
        _ name: String,
        _ parallel: ParallelFor
    ) throws -> any TextEmbedder {
        let path: String
        do { path = try ModelLocator.current().folder(named: name).path } catch {
            throw ToolError.missingInput("\(name): no such folder (--embedding)")
        }
        let embedder: any TextEmbedder =
            SentenceEncoderFolder.isSentenceEncoder(path)
            ? try SentenceEncoderFolder(path: path).load()
            : try OpenedModel(folder: path).embedder(parallel)
        // A vector that is not finite is given as zeros.
        let probe = try embedder.embed(["A public text of 7 words."], parallel: parallel)
        guard probe.values.values(0..<probe.values.count).contains(where: { $0 != 0 }) else {
            throw ToolError.badConfiguration("\(path): \(GenerationError.logitsNotFinite)")
        }
        return embedder
    }
}
