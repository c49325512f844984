/// Norms and inner products of leftᵀ·right that need not form the product, with bounds of their error.
///
/// With rows t of `left`, [time, m], and `right`, [time, n], the gradient of a linear layer is
/// G = leftᵀ·right, [m, n], and
///
///     ‖G‖² = Σ_t Σ_s ⟨left_t, left_s⟩·⟨right_t, right_s⟩        Goodfellow 2015; Li et al. 2022
///
/// The inner products are in single precision, their sum in double. Where rows cancel, the sum is
/// small and its summands are not: an error of the sizes of the summands is then all there is. So
/// every result carries a bound of its error, and where that is large the inner products are taken
/// in double precision, which also holds what overflows or vanishes in single precision.
package enum ProductNorm {
    /// A squared norm and the sizes of what it is the sum of.
    package struct Square: Sendable {
        /// ‖G‖².
        package var norm: BoundedValue
        /// M = Σ_t ‖left_t‖·‖right_t‖, which bounds ‖G‖ and every way to round it.
        package var magnitude: Double
        /// The length of the longest row of either side.
        package var longestRow: Double

        /// Joins what is known of one term.
        package init(norm: BoundedValue, magnitude: Double, longestRow: Double) {
            (self.norm, self.magnitude, self.longestRow) = (norm, magnitude, longestRow)
        }
    }

    /// Elements of one tile of a materialised product: half of a second-level cache.
    private static let tileCount = 1 << 17
    /// An error of this share of the square, or of what takes its place where all cancels, is
    /// large.
    private static let largeShare = 0x1p-8

    /// The share of M² below which a squared norm of `rows` rows is not relied on: (1/(4·√rows))².
    ///
    /// Rows that are perpendicular to one another have ‖G‖ ≈ M/√rows; less than a quarter of it
    /// remains only where they cancel.
    package static func leastShare(rows: Int) -> Double { 1 / (16 * Double(max(rows, 1))) }

    /// ‖leftᵀ·right‖² by whichever way is cheaper for the shape.
    ///
    /// | case                                       | norm                     |
    /// | no rows                                    | 0                        |
    /// | an element is NaN or infinite              | NaN or infinity          |
    /// | the error is large, or products overflow   | in double precision      |
    package static func squared(_ left: Matrix, _ right: Matrix, scratch: Arena) -> Square {
        requireSameRows(left, right)
        let (lefts, rights) = (left.rowNorms, right.rowNorms)
        let magnitude = zip(lefts, rights).reduce(0) { $0 + $1.0 * $1.1 }
        let longest = max(lefts.max() ?? 0, rights.max() ?? 0)
        guard magnitude.isFinite else {
            let nothing = BoundedValue(value: .nan, error: .nan)
            return Square(norm: nothing, magnitude: .nan, longestRow: longest)
        }
        // Gram matrices take time²·(m + n) multiply-adds for their halves, the product time·m·n.
        let isGhostCheaper =
            left.rows * (left.columns + right.columns) <= 2 * left.columns * right.columns
        var norm =
            isGhostCheaper
            ? ghost(left, right, lefts, rights, scratch)
            : materialized(left, right, magnitude, scratch)
        let reliable = max(norm.value, leastShare(rows: left.rows) * magnitude * magnitude)
        // Written so that NaN is large.
        if !(norm.error <= largeShare * reliable) {
            norm = inner(left, right, left, right, magnitudes: magnitude * magnitude)
        }
        return Square(norm: norm, magnitude: magnitude, longestRow: longest)
    }

    /// ⟨leftᵀ·right, otherLeftᵀ·otherRight⟩ of two products of the same shape [m, n].
    package static func inner(
        _ left: Matrix,
        _ right: Matrix,
        _ otherLeft: Matrix,
        _ otherRight: Matrix,
        scratch: Arena
    ) -> BoundedValue {
        requireSameRows(left, right)
        requireSameRows(otherLeft, otherRight)
        let product = scratch.scoped {
            RowProducts(left, otherLeft, scratch: scratch)
                .dot(RowProducts(right, otherRight, scratch: scratch), lower: false)
        }
        if product.error.isFinite, product.value.isFinite { return product }
        let magnitude = { (a: Matrix, b: Matrix) in
            zip(a.rowNorms, b.rowNorms).reduce(0) { $0 + $1.0 * $1.1 }
        }
        return inner(
            left,
            right,
            otherLeft,
            otherRight,
            magnitudes: magnitude(left, right) * magnitude(otherLeft, otherRight)
        )
    }

    /// ⟨leftᵀ·right, E⟩ where row `indices[t]` of E, [m, n], is the sum of the rows t of `rows`.
    ///
    ///     Σ_t Σ_s left_s[indices_t]·⟨rows_t, right_s⟩
    package static func inner(
        _ left: Matrix,
        _ right: Matrix,
        lookup indices: ArraySlice<Int32>,
        rows: Matrix,
        scratch: Arena
    ) -> BoundedValue {
        requireSameRows(left, right)
        precondition(indices.count == rows.rows, "\(indices.count) indices, \(rows.rows) rows")
        return scratch.scoped {
            RowProducts(right, rows, scratch: scratch).dot(left, columns: indices)
        }
    }

    /// ‖leftᵀ·right‖² from two Gram matrices, [time, time]; `lefts` and `rights` are the rows' lengths.
    static func ghost(
        _ left: Matrix,
        _ right: Matrix,
        _ lefts: [Double],
        _ rights: [Double],
        _ scratch: Arena
    ) -> BoundedValue {
        scratch.scoped {
            RowProducts(gramOf: left, norms: lefts, scratch: scratch)
                .dot(RowProducts(gramOf: right, norms: rights, scratch: scratch), lower: true)
        }
    }

    /// ‖leftᵀ·right‖² from the product itself, one tile of its rows at a time.
    ///
    /// Each element is off by γ·Σ_t |left_ti·right_tj|, in whatever order they are added, so the norm
    /// is by γ·M, and its square by (2·‖fl(G)‖ + γ·M)·γ·M.
    static func materialized(
        _ left: Matrix,
        _ right: Matrix,
        _ magnitude: Double,
        _ scratch: Arena
    ) -> BoundedValue {
        let square = scratch.scoped {
            let tileRows = max(1, min(left.columns, tileCount / max(right.columns, 1)))
            let memory = scratch.matrix(rows: tileRows, columns: right.columns)
            return stride(from: 0, to: left.columns, by: tileRows).reduce(0.0) { sum, start in
                let columns = start..<min(start + tileRows, left.columns)
                let tile = memory.rows(0..<columns.count)
                MatrixMultiply.multiply(transposed: left.columns(columns), right, into: tile)
                return sum + tile.squaredNorm
            }
        }
        let elements = left.columns * right.columns
        let lost = 0x1p-149 * Double(left.rows) * Double(elements).squareRoot()
        let rounding = BoundedValue.floatBound(left.rows + 1) * magnitude + lost
        return BoundedValue(
            value: square,
            error: (2 * square.squareRoot() + rounding) * rounding
                + BoundedValue.doubleBound(elements + 2) * square * 1.001
        )
    }

    /// The same sum with all inner products in double precision, where those of floats are exact.
    ///
    /// `magnitudes` is the product of both M.
    private static func inner(
        _ left: Matrix,
        _ right: Matrix,
        _ otherLeft: Matrix,
        _ otherRight: Matrix,
        magnitudes: Double
    ) -> BoundedValue {
        var sum = 0.0
        for t in 0..<left.rows {
            for s in 0..<otherLeft.rows {
                sum +=
                    left.rows(t..<t + 1).dot(otherLeft.rows(s..<s + 1))
                    * right.rows(t..<t + 1).dot(otherRight.rows(s..<s + 1))
            }
        }
        let roundings = left.columns + right.columns + left.rows * otherLeft.rows + 2
        return BoundedValue(
            value: sum,
            error: BoundedValue.doubleBound(roundings) * 1.001 * magnitudes
        )
    }

    private static func requireSameRows(_ left: Matrix, _ right: Matrix) {
        precondition(left.rows == right.rows, "\(left.rows) rows against \(right.rows)")
    }
}
