import Kernels
import LanguageModel

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
        let parts = try parallel.map((embeddings.count + block - 1) / block) { item in
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
