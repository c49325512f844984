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
