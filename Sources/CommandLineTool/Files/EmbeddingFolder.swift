import Checkpoints
import Foundation
import Kernels
import LanguageModel

/// `--embedding DIR`: a BERT-style sentence encoder, or a GPT-2 whose hidden states are averaged.
enum EmbeddingFolder {
    /// Opens the embedder in the folder.
    ///
    /// - Throws: `ToolError.missingInput`, `CheckpointError`, `CorpusError`.
    static func embedder(
        _ name: String,
        _ parallel: ParallelFor
    ) throws -> any TextEmbedder {
        let path: String
        do { path = try ModelLocator.current().folder(named: name).path } catch {
            throw ToolError.missingInput("\(name): no such folder (--embedding)")
        }
        guard SentenceEncoderFolder.isSentenceEncoder(path) else {
            return try OpenedModel(folder: path).embedder(parallel)
        }
        return try SentenceEncoderFolder(path: path).load()
    }
}
