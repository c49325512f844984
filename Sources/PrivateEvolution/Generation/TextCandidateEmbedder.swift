package import Kernels
package import LanguageModel

/// Embeds candidate texts as any text.
package struct TextCandidateEmbedder: CandidateEmbedder {
    private let embedder: any TextEmbedder

    /// Uses a text embedder.
    package init(_ embedder: any TextEmbedder) { self.embedder = embedder }

    package var fingerprint: [UInt8] { embedder.fingerprint }

    package func embed(_ candidates: [String], parallel: ParallelFor) throws -> Embeddings {
        try embedder.embed(candidates, parallel: parallel)
    }
}
