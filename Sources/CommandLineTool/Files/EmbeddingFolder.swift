import Checkpoints
import Foundation
import Kernels
import LanguageModel

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
