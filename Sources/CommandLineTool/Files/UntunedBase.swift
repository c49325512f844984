import Corpus
import DifferentialPrivacy
import Evaluation
import Foundation
import Kernels
import LanguageModel
import PrivateTraining

/// Text of a base model that saw no private record: what a comparison gets for no budget.
///
/// It is asked in the way that the fine-tuned model is: with the labels before the text.
struct UntunedBase {
    /// Texts drawn at most, as many as distances are measured to.
    private static let mostTexts = 10_000
    private static let mostTokens = 64

    /// The base model.
    let model: OpenedModel
    /// The columns of the comparison.
    let labelColumns: [String]
    /// Threads to use.
    let parallel: ParallelFor

    /// Draws texts with the labels of `other`, row by row, always the same ones; takes them from the
    /// cache if an earlier comparison drew them.
    ///
    /// - Parameters:
    ///   - other: The texts whose labels are used, the first 10,000 of them.
    ///   - progress: Called with the texts done and their number; may throw to stop.
    /// - Returns: As many texts as labels were used.
    /// - Throws: What `progress` throws.
    func texts(
        labelledAs other: TextSet,
        progress: (Int, Int) throws -> Void
    ) throws -> TextSet {
        let count = min(other.texts.count, Self.mostTexts)
        let rows = (0..<count).map { row in labelColumns.map { other.labels[$0]?[row] ?? "" } }
        let cache = UntunedBaseCache(
            environment: ProcessInfo.processInfo.environment,
            model: model.embedder(parallel).fingerprint,
            rows: rows,
            settings: "\(Self.mostTokens) tokens, \(ProductVersion.current)"
        )
        let texts: [String]
        if let kept = cache.texts(count: count) {
            texts = kept
        } else {
            texts = try drawn(rows, progress: progress)
            cache.keep(texts)
        }
        var labels: [String: [String]] = [:]
        for (place, column) in labelColumns.enumerated() { labels[column] = rows.map { $0[place] } }
        return TextSet(texts: texts, labels: labels)
    }

    private func drawn(
        _ rows: [[String]],
        progress: (Int, Int) throws -> Void
    ) throws -> [String] {
        let drawing = TextDrawing(
            tokenizer: model.tokenizer,
            labelSet: nil,
            prompt: nil,
            options: SamplingOptions(
                maximumNewTokens: Self.mostTokens,
                endOfText: model.tokenizer.endOfText,
                vocabularySize: model.tokenizer.vocabularySize
            ),
            secret: .insecure(seed: 0)
        )
        let generator = TextGenerator(model.parameters, parallel: parallel)
        var texts: [String] = []
        _ = try drawing.draw(rows, with: generator) { place, _, text, _ in
            texts.append(String(decoding: text, as: UTF8.self))
            try progress(place + 1, rows.count)
        }
        return texts
    }
}
