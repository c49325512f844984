import Autograd
import Kernels
import TestData

/// Dense per-unit gradients in Double: what the terms stand for.
enum DenseGradient {
    /// leftᵀ·right over `rows`, [left columns · right columns].
    static func product(_ left: Matrix, _ right: Matrix, rows: Range<Int>) -> [Double] {
        (0..<left.columns).flatMap { i in
            (0..<right.columns).map { j in
                rows.reduce(0) { $0 + Double(left[$1, i]) * Double(right[$1, j]) }
            }
        }
    }

    /// Rows added at their indices, [count · columns].
    static func lookup(
        _ indices: [Int32],
        _ rows: Matrix,
        unit: Range<Int>,
        count: Int
    ) -> [Double] {
        var table = [Double](repeating: 0, count: count * rows.columns)
        for row in unit {
            for column in 0..<rows.columns {
                table[Int(indices[row]) * rows.columns + column] += Double(rows[row, column])
            }
        }
        return table
    }

    static func squaredNorm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } }

    static func dot(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
}

extension SeededGenerator {
    /// A matrix of uniform elements in [-1, 1].
    mutating func matrix(rows: Int, columns: Int) -> Matrix {
        let values = (0..<rows * columns).map { _ in Float.random(in: -1...1, using: &self) }
        return Matrix(FloatBuffer(values), rows: rows, columns: columns)
    }
}
