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

/// The mean and the unbiased covariance of a set of embeddings, in Double.
struct Covariance {
    /// The mean vector, [dimension].
    let mean: [Double]
    /// Σ (x − mean)(x − mean)ᵀ / (n − 1), symmetric, [dimension, dimension]; zeros for one row.
    let matrix: DoubleMatrix

    /// Measures `embeddings` on all workers; the result does not depend on how many there are.
    init(_ embeddings: Embeddings, parallel: ParallelFor) throws {
        let centre = embeddings.mean()
        let dimension = embeddings.dimension
        let block = 1024
        let parts = parallel.map((embeddings.count + block - 1) / block) { item, _ in
            let range = item * block..<min(embeddings.count, (item + 1) * block)
            var rows = DoubleMatrix(rows: range.count, columns: dimension)
            for index in range {
                let vector = embeddings.row(index)
                let start = (index - range.lowerBound) * dimension
                for column in 0..<dimension {
                    rows.values[start + column] = Double(vector[column]) - centre[column]
                }
            }
            var gram = DoubleMatrix(rows: dimension, columns: dimension)
            rows.addGram(to: &gram)
            return gram.values
        }
        var sum = DoubleMatrix(rows: dimension, columns: dimension)
        for part in parts { for index in part.indices { sum.values[index] += part[index] } }
        let scale = 1 / Double(max(embeddings.count - 1, 1))
        for row in 0..<dimension {
            for column in 0...row {
                let value = sum[row, column] * scale
                sum[row, column] = value
                sum[column, row] = value
            }
        }
        mean = centre
        matrix = sum
    }
}
