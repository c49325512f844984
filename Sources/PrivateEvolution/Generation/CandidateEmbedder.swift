package import Kernels
package import LanguageModel

/// Turns candidates into vectors; the same for candidates and private records.
///
/// The vector of a candidate depends on that candidate alone, to the bit.
package protocol CandidateEmbedder<Candidate>: Sendable {
    /// What evolves.
    associatedtype Candidate: Codable & Hashable & Sendable

    /// Names all that vectors depend on besides the candidate.
    var fingerprint: [UInt8] { get }

    /// One vector a candidate, in order.
    func embed(_ candidates: [Candidate], parallel: ParallelFor) throws -> Embeddings
}

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

/// What a candidate is judged by: itself, or what it may become.
///
/// Lin et al. 2024, arXiv:2305.15560, Alg. 2, "lookahead".
enum LookaheadEmbeddings {
    /// The mean embedding of each candidate's variations.
    ///
    /// - Parameters:
    ///   - embeddings: K variations of the first candidate, then K of the second, and so on,
    ///     [candidates·K, dimension]; for K = 0 the candidates themselves.
    ///   - degree: K ≥ 0.
    /// - Returns: [candidates, dimension].
    static func means(of embeddings: Embeddings, degree: Int) -> Embeddings {
        guard degree > 0 else { return embeddings }
        precondition(embeddings.count.isMultiple(of: degree))
        let means = Embeddings(
            count: embeddings.count / degree,
            dimension: embeddings.dimension
        )
        for candidate in 0..<means.count {
            var sums = [Double](repeating: 0, count: embeddings.dimension)
            for row in candidate * degree..<(candidate + 1) * degree {
                for (index, value) in embeddings.row(row).enumerated() {
                    sums[index] += Double(value)
                }
            }
            means.values.store(
                sums.map { Float($0 / Double(degree)) },
                at: candidate * means.dimension
            )
        }
        return means
    }
}
