public import Kernels

/// Turns texts into vectors whose distances say how alike the texts are.
///
/// - The vector of a text depends on that text alone, to the bit: not on the texts beside it, their
///   number, or the threads. So what a private record votes for cannot depend on other records.
/// - Every text has a vector, finite in all elements: an empty one, too.
public protocol TextEmbedder: Sendable {
    /// What a report calls it, such as "mean-pooled states of base-mini".
    var name: String { get }

    /// The length of each vector.
    var dimension: Int { get }

    /// Names all that the vectors depend on besides the text: weights, tokenizer, settings.
    ///
    /// Equal fingerprints mean equal vectors of equal texts on the same machine.
    var fingerprint: [UInt8] { get }

    /// One vector a text, in order.
    func embed(_ texts: [String], parallel: ParallelFor) throws -> Embeddings
}
