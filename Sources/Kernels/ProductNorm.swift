/// Norms and inner products of leftᵀ·right that need not form the product.
///
/// With rows t of `left`, [time, m], and `right`, [time, n], the gradient of a linear layer is
/// G = leftᵀ·right, [m, n], and
///
///     ‖G‖² = Σ_t Σ_s ⟨left_t, left_s⟩·⟨right_t, right_s⟩        Goodfellow 2015; Li et al. 2022
///
/// All sums run in double precision; the products beneath them in single precision.
package enum ProductNorm {
    /// Elements of one tile of a materialised product: half of a second-level cache.
    private static let tileCount = 1 << 17

    /// ‖leftᵀ·right‖² by whichever way is cheaper for the shape.
    ///
    /// | case                                   | result                                          |
    /// | no rows                                | 0                                               |
    /// | an element is NaN or infinite          | NaN or infinity                                 |
    /// | products overflow single precision, or | computed again from rescaled rows               |
    /// | what underflows could be missed        |                                                 |
    package static func squared(_ left: Matrix, _ right: Matrix, scratch: Arena) -> Double {
        requireSameRows(left, right)
        guard left.rows > 0 else { return 0 }
        let norm = unscaled(left, right, scratch)
        if norm.isFinite { return norm }
        return rescaled(left, right, scratch)
    }

    /// ⟨leftᵀ·right, otherLeftᵀ·otherRight⟩ of two products of the same shape [m, n].
    package static func inner(
        _ left: Matrix,
        _ right: Matrix,
        _ otherLeft: Matrix,
        _ otherRight: Matrix,
        scratch: Arena
    ) -> Double {
        requireSameRows(left, right)
        requireSameRows(otherLeft, otherRight)
        return scratch.scoped {
            let lefts = scratch.matrix(rows: left.rows, columns: otherLeft.rows)
            let rights = scratch.matrix(rows: left.rows, columns: otherLeft.rows)
            MatrixMultiply.multiply(left, transposed: otherLeft, into: lefts)
            MatrixMultiply.multiply(right, transposed: otherRight, into: rights)
            return lefts.dot(rights)
        }
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
    ) -> Double {
        requireSameRows(left, right)
        precondition(indices.count == rows.rows, "\(indices.count) indices, \(rows.rows) rows")
        return scratch.scoped {
            let products = scratch.matrix(rows: left.rows, columns: rows.rows)
            MatrixMultiply.multiply(right, transposed: rows, into: products)
            return products.dot(left, columns: indices)
        }
    }

    /// ‖leftᵀ·right‖² from two Gram matrices, [time, time]; NaN if it could miss what underflows.
    static func ghost(_ left: Matrix, _ right: Matrix, _ scratch: Arena) -> Double {
        scratch.scoped {
            let lefts = scratch.matrix(rows: left.rows, columns: left.rows)
            let rights = scratch.matrix(rows: left.rows, columns: left.rows)
            MatrixMultiply.gram(left, into: lefts)
            MatrixMultiply.gram(right, into: rights)
            let norm = lefts.symmetricDot(rights)
            // An element of a Gram matrix loses 2⁻¹⁴⁹ a term at most, times one of the other's.
            let lost =
                Double(left.columns) * sumOfProducts(rights)
                + Double(right.columns) * sumOfProducts(lefts)
            return lost * 0x1p-149 <= max(0x1p-80, norm * 0x1p-24) ? norm : .nan
        }
    }

    /// (Σ_t √g_tt)², which bounds the sum of all magnitudes of a Gram matrix.
    private static func sumOfProducts(_ gram: Matrix) -> Double {
        let sum = (0..<gram.rows).reduce(0) { $0 + Double(gram[$1, $1]).squareRoot() }
        return sum * sum
    }

    /// ‖leftᵀ·right‖² from the product itself, one tile of its rows at a time.
    static func materialized(_ left: Matrix, _ right: Matrix, _ scratch: Arena) -> Double {
        scratch.scoped {
            let tileRows = max(1, min(left.columns, tileCount / max(right.columns, 1)))
            let memory = scratch.matrix(rows: tileRows, columns: right.columns)
            return stride(from: 0, to: left.columns, by: tileRows).reduce(0) { sum, start in
                let columns = start..<min(start + tileRows, left.columns)
                let tile = memory.rows(0..<columns.count)
                MatrixMultiply.multiply(transposed: left.columns(columns), right, into: tile)
                return sum + tile.squaredNorm
            }
        }
    }

    private static func unscaled(_ left: Matrix, _ right: Matrix, _ scratch: Arena) -> Double {
        // Gram matrices take time²·(m + n) multiply-adds for their halves, the product time·m·n.
        let isGhostCheaper =
            left.rows * (left.columns + right.columns) <= 2 * left.columns * right.columns
        return isGhostCheaper ? ghost(left, right, scratch) : materialized(left, right, scratch)
    }

    /// ‖leftᵀ·right‖² by rows of magnitude 1, whose products carry the sizes.
    private static func rescaled(_ left: Matrix, _ right: Matrix, _ scratch: Arena) -> Double {
        let (leftSizes, rightSizes) = (magnitudes(left), magnitudes(right))
        let sizes = zip(leftSizes, rightSizes).map { Double($0) * Double($1) }
        guard let largest = sizes.max(), sizes.allSatisfy(\.isFinite) else { return .nan }
        guard largest > 0 else { return 0 }
        return scratch.scoped {
            let lefts = unitRows(left, leftSizes, scratch)
            let rights = unitRows(right, rightSizes, scratch)
            for (row, size) in sizes.enumerated() {
                rights.rows(row..<row + 1).scale(by: Float(size / largest))
            }
            return unscaled(lefts, rights, scratch) * largest * largest
        }
    }

    /// The largest magnitude of each row; not finite if the row is not.
    private static func magnitudes(_ matrix: Matrix) -> [Float] {
        (0..<matrix.rows).map { matrix.rows($0..<$0 + 1).maximumMagnitude }
    }

    /// Rows divided by their sizes, those of size 0 as they are.
    private static func unitRows(_ matrix: Matrix, _ sizes: [Float], _ scratch: Arena) -> Matrix {
        let copy = scratch.matrix(rows: matrix.rows, columns: matrix.columns)
        copy.copy(from: matrix)
        for (row, size) in sizes.enumerated() where size > 0 {
            // Two steps: 1/size may lie outside the normal range.
            copy.rows(row..<row + 1).scale(by: 1 / size.squareRoot())
            copy.rows(row..<row + 1).scale(by: 1 / size.squareRoot())
        }
        return copy
    }

    private static func requireSameRows(_ left: Matrix, _ right: Matrix) {
        precondition(left.rows == right.rows, "\(left.rows) rows against \(right.rows)")
    }
}
