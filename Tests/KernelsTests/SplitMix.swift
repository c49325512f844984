import Kernels

/// A generator with a fixed seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

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
