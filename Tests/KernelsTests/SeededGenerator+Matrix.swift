import Kernels
import TestData

extension SeededGenerator {
    /// A matrix of uniform elements in [-1, 1], with NaN in the gaps of a wider stride.
    mutating func matrix(rows: Int, columns: Int, gap: Int = 0) -> Matrix {
        let buffer = FloatBuffer(count: max(rows * (columns + gap), 1))
        buffer.fill(0..<buffer.count, with: .nan)
        let matrix = Matrix(buffer, rows: rows, columns: columns, rowStride: columns + gap)
        for row in 0..<rows {
            for column in 0..<columns { matrix[row, column] = .random(in: -1...1, using: &self) }
        }
        return matrix
    }
}
