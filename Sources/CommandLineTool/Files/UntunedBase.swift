import Corpus
import DifferentialPrivacy
import Evaluation
import Foundation
import Kernels
import LanguageModel
import PrivateTraining
import Training

/// Text of a base model that saw no private record: what a comparison gets for no budget.
///
/// It is asked in the way that the fine-tuned model is: with the labels before the text.
struct UntunedBase {
    /// Texts drawn at most, as many as distances are measured to.
    private static let mostTexts = 10_000
    private static let mostTokens = 64

    /// How the texts come about, for a report.
    static func settings(model: String) -> String {
        let options = SamplingOptions(endOfText: nil)
        return
            "The row untuned-base: texts of \(model), drawn after the labels of the real test texts in "
            + "their order, at most \(mostTokens) tokens long, temperature \(options.temperature), among the "
            + "\(options.topK) likeliest tokens and \(options.topP) of their mass."
    }

    /// The base model.
    let model: OpenedModel
    /// The columns of the comparison.
    let labelColumns: [String]
    /// Threads to use.
    let parallel: ParallelFor

    /// Draws texts with the labels of `other` in their order, over and over, always the same ones; takes
    /// them from the cache if an earlier comparison drew them.
    ///
    /// - Parameters:
    ///   - count: The number of texts, of which at most 10,000 are drawn.
    ///   - other: The texts whose labels are used; at least one.
    ///   - progress: Called with the texts done and their number; may throw to stop.
    /// - Returns: The texts with their labels.
    /// - Throws: What `progress` throws.
    func texts(
        count: Int,
        labelledAs other: TextSet,
        progress: (Int, Int) throws -> Void
    ) throws -> TextSet {
        let count = min(count, Self.mostTexts)
        let rows = (0..<count).map { row in
            labelColumns.map { other.labels[$0]?[row % other.texts.count] ?? "" }
        }
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
                otherEndings: model.tokenizer.otherEndings,
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
