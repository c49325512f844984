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
                tokenizer: model.tokenizer
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

/// Texts of a base model, kept between comparisons: the model saw no private record.
///
/// One file a model, label list and way of drawing, in `$DPSCRIBE_CACHE`, else `$XDG_CACHE_HOME/dpscribe`,
/// else `~/.cache/dpscribe`; readable by its owner only. A folder that cannot be written is no error.
struct UntunedBaseCache {
    private let file: URL?

    /// Names the file after everything that the texts depend on.
    init(environment: [String: String], model: [UInt8], rows: [[String]], settings: String) {
        let digest = ContentDigest(
            domain: "untuned-base",
            fields: [("model", model), ("settings", Array(settings.utf8))]
                + rows.map { ("labels", Array("\($0)".utf8)) }
        )
        file = Self.folder(environment)?.appending(path: "untuned-base-\(digest).json")
    }

    private static func folder(_ environment: [String: String]) -> URL? {
        if let named = environment["DPSCRIBE_CACHE"], !named.isEmpty { return URL(filePath: named) }
        if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
            return URL(filePath: cache).appending(path: "dpscribe")
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return URL(filePath: home).appending(path: ".cache/dpscribe")
    }

    /// The texts, if exactly `count` are kept.
    func texts(count: Int) -> [String]? {
        guard let file, let data = try? Data(contentsOf: file),
            let texts = try? JSONDecoder().decode([String].self, from: data), texts.count == count
        else { return nil }
        return texts
    }

    /// Keeps the texts; the file appears whole or not at all.
    func keep(_ texts: [String]) {
        guard let file, let data = try? JSONEncoder().encode(texts) else { return }
        let folder = file.deletingLastPathComponent()
        try? FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try? data.write(to: file, options: .atomic)
        try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }
}
