import CVectorMath
import Glibc

/// Rotary positions: queries and keys turned by angles that grow with the position.
///
///     (x_i, x_{i+d/2}) → (x_i·cos − x_{i+d/2}·sin, x_{i+d/2}·cos + x_i·sin),  angle = position·ω_i
///
/// Su et al. 2021, arXiv:2104.09864, with the halves of a head paired, as in Llama's checkpoints.
package enum Rotation {
    /// Cosines and sines of the angles of each row, [positions, 2 · frequencies].
    ///
    /// Computed in double precision: at position 100,000 single precision would be off by 0.004.
    package static func fill(_ angles: Matrix, positions: [Int32], frequencies: [Double]) {
        let half = frequencies.count
        precondition(
            angles.rows == positions.count && angles.columns == 2 * half,
            "angles of \(angles.rows)×\(angles.columns) for \(positions.count) positions"
        )
        for (row, position) in positions.enumerated() {
            for (index, frequency) in frequencies.enumerated() {
                let angle = Double(position) * frequency
                angles[row, index] = Float(cos(angle))
                angles[row, half + index] = Float(sin(angle))
            }
        }
    }

    /// Turns all heads of each row, or with `isBackward` turns them back, in place.
    ///
    /// Turning back is also how a gradient passes: a rotation's transpose is its inverse.
    ///
    /// - Parameters:
    ///   - heads: [rows, heads · headWidth].
    ///   - angles: [rows, headWidth].
    ///   - isBackward: The other way round.
    package static func turn(_ heads: Matrix, angles: Matrix, isBackward: Bool = false) {
        precondition(
            angles.isContiguous && angles.rows == heads.rows && angles.columns % 2 == 0
                && heads.columns % angles.columns == 0,
            "\(heads.rows)×\(heads.columns) turned by \(angles.rows)×\(angles.columns) angles"
        )
        unsafe vector_math_rotate(
            heads.base,
            heads.rowStride,
            heads.rows,
            heads.columns / angles.columns,
            angles.columns,
            angles.base,
            isBackward ? -1 : 1
        )
    }
}
