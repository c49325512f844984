public import Kernels

/// Turns texts into vectors whose distances mean something for the metrics.
public protocol TextEmbedder: Sendable {
    /// What the report calls it, such as "mean-pooled states of base-mini".
    var name: String { get }

    /// One vector a text, in order; an empty text has a vector too. Deterministic.
    func embed(_ texts: [String], parallel: ParallelFor) throws -> Embeddings
}
