package import Kernels

/// A gradient already summed over the rows of each unit: [units, elements of the parameter].
///
/// What is formed here once is what is added, so its norm is exact however it was rounded.
package struct VectorTerm: Sendable {
    let perUnit: Matrix

    /// Describes the gradients of all units, one row each, a matrix row by row.
    package init(perUnit: Matrix) {
        self.perUnit = perUnit
    }

    func squaredNorm(unit: Int) -> ProductNorm.Square {
        let square = perUnit.rows(unit..<unit + 1).squaredNorm
        let norm = square.squareRoot()
        return ProductNorm.Square(
            norm: BoundedValue(value: square, error: rounding * square),
            magnitude: norm,
            longestRow: norm
        )
    }

    func inner(_ other: VectorTerm, unit: Int) -> BoundedValue {
        let (mine, theirs) = (perUnit.rows(unit..<unit + 1), other.perUnit.rows(unit..<unit + 1))
        let sizes = (mine.squaredNorm * theirs.squaredNorm).squareRoot()
        return BoundedValue(value: mine.dot(theirs), error: rounding * sizes)
    }

    /// Of a sum in double precision over all elements.
    private var rounding: Double { 1.001 * BoundedValue.doubleBound(perUnit.columns + 1) }
}
