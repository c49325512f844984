import Kernels
import LanguageModel

/// The directions of largest variance of a set of embeddings.
struct PrincipalComponents {
    /// The mean of the embeddings fitted, [dimension].
    let mean: [Double]
    /// The components, by falling variance, one a row, [kept, dimension].
    let components: DoubleMatrix
    /// The variance along each component kept, [kept].
    let variances: [Double]
    /// The variance in all directions together.
    let totalVariance: Double

    /// How many components to keep.
    enum Size {
        /// This many, or as many as there are dimensions.
        case count(Int)
        /// The smallest number that explains at least this share of the variance, in (0, 1].
        case share(Double)
    }

    init(_ embeddings: Embeddings, keeping size: Size, parallel: ParallelFor) throws {
        let covariance = try Covariance(embeddings, parallel: parallel)
        let order = embeddings.dimension
        guard let spectrum = SymmetricEigen(covariance.matrix) else {
            throw EvaluationError.eigenvaluesDidNotConverge(order: order)
        }
        let falling = spectrum.values.reversed().map { max($0, 0) }
        let total = falling.reduce(0, +)
        let kept: Int
        switch size {
        case .count(let count): kept = min(count, order)
        case .share(let share):
            var explained = 0.0
            kept =
                1
                + (falling.firstIndex { value in
                    explained += value
                    return explained >= share * total
                } ?? order - 1)
        }
        var rows = DoubleMatrix(rows: kept, columns: order)
        for row in 0..<kept {
            for column in 0..<order {
                rows[row, column] = spectrum.vectors[order - 1 - row, column]
            }
        }
        mean = covariance.mean
        components = rows
        variances = Array(falling.prefix(kept))
        totalVariance = total
    }

    /// The coordinates of `embeddings` along the components, [count, kept].
    func project(_ embeddings: Embeddings) -> Embeddings {
        let basis = FloatBuffer(components.values.map(Float.init))
        let result = FloatBuffer(count: embeddings.count * components.rows)
        MatrixMultiply.multiply(
            embeddings.centered(at: mean).matrix,
            transposed: Matrix(basis, rows: components.rows, columns: components.columns),
            into: Matrix(result, rows: embeddings.count, columns: components.rows)
        )
        return Embeddings(
            values: result,
            count: embeddings.count,
            dimension: components.rows
        )
    }
}
