package import Kernels
package import LanguageModel

/// The Fréchet distance between Gaussians fitted to two sets of embeddings ("FID").
///
///     ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½)            Heusel et al. 2017, arXiv:1706.08500, Eq. 6
///
/// Unbiased covariances, all in Double. The trace of the root is that of (Σ₁^½ Σ₂ Σ₁^½)^½, whose
/// eigenvalues are real: no matrix square root of a non-symmetric product, no imaginary part to
/// drop. Depends on the number of texts (it falls as they grow): compare equal numbers only.
package enum FrechetDistance {
    /// The distance, ≥ 0; 0 for equal means and covariances.
    package static func between(
        _ first: Embeddings,
        _ second: Embeddings,
        parallel: ParallelFor
    ) throws -> Double {
        try between(
            Covariance(first, parallel: parallel),
            Covariance(second, parallel: parallel)
        )
    }

    static func between(_ first: Covariance, _ second: Covariance) throws -> Double {
        let order = first.mean.count
        guard let spectrum = SymmetricEigen(first.matrix) else {
            throw EvaluationError.eigenvaluesDidNotConverge(order: order)
        }
        let root = spectrum.squareRoot()
        guard let product = SymmetricEigen(root.multiplied(by: second.matrix).multiplied(by: root))
        else { throw EvaluationError.eigenvaluesDidNotConverge(order: order) }
        let overlap = product.values.reduce(0) { $0 + max($1, 0).squareRoot() }
        let shift = zip(first.mean, second.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return max(0, shift + first.matrix.trace + second.matrix.trace - 2 * overlap)
    }
}
