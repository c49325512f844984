import CVectorMath

/// A matrix [inner, columns] in half as many bits, to find the largest elements of a product.
///
/// A text drawn alone reads every weight for every token, and a draw looks at a few logits only. A
/// product with weights rounded to bfloat16 reads half the memory and says, with a bound on what
/// the rounding can change, which elements can be among the largest; those alone are computed from
/// the weights themselves. What is drawn is the same to the last bit.
package struct ScreenedMatrix: Sendable {
    /// Most rows of an input.
    package static let rowLimit = 4

    /// The matrix itself, transposed: [columns, inner].
    private let exact: Matrix
    private let panels: FloatBuffer
    /// ‖input‖·radius bounds how far an element of the rounded product is from that of the exact one.
    private let radii: FloatBuffer
    private let largestNorm: Double
    private static let panelWidth = 32
    private var panelCount: Int { (exact.rows + Self.panelWidth - 1) / Self.panelWidth }

    /// Rounds the matrix whose columns are `rows`, [columns, inner], which must stay as they are.
    ///
    /// Nil if a weight is not finite or has no finite neighbour in bfloat16.
    package init?(rounding rows: Matrix, parallel: ParallelFor) {
        let panelCount = (rows.rows + Self.panelWidth - 1) / Self.panelWidth
        let panelSize = rows.columns * Self.panelWidth / 2
        let panels = FloatBuffer(count: panelCount * panelSize)
        let radii = FloatBuffer(count: rows.rows)
        let norms = FloatBuffer(count: rows.rows)
        parallel(panelCount) { panel, _ in
            let start = panel * Self.panelWidth
            unsafe vector_math_screen_pack(
                rows.base + start * rows.rowStride,
                rows.rowStride,
                min(Self.panelWidth, rows.rows - start),
                rows.columns,
                panels.base + panel * panelSize,
                radii.base + start,
                norms.base + start
            )
        }
        let all = 0..<rows.rows
        guard radii.values(all).allSatisfy(\.isFinite) else { return nil }
        exact = rows
        self.panels = panels
        self.radii = radii
        largestNorm = Double(norms.values(all).max() ?? 0)
    }

    /// The product with the rounded matrix, shared out over the workers.
    ///
    /// - Parameters:
    ///   - input: [1 to `rowLimit`, inner].
    ///   - output: [rows, columns].
    ///   - parallel: The threads to use; nothing depends on them.
    package func multiply(_ input: Matrix, into output: Matrix, parallel: ParallelFor) {
        precondition(input.columns == exact.columns && output.columns == exact.rows)
        precondition(input.rows == output.rows && 1...Self.rowLimit ~= input.rows)
        parallel.inPieces(of: panelCount) { range in
            unsafe vector_math_screened_multiply(
                input.base,
                input.rowStride,
                input.rows,
                panels.base,
                exact.columns,
                exact.rows,
                range.lowerBound,
                range.upperBound,
                output.base,
                output.rowStride
            )
        }
    }

    /// Replaces elements of a rounded product by exact ones, as a `PackedMatrix` computes them, until
    /// the `rank` largest and all that equal the last of them are exact and where they belong.
    ///
    /// Any other element is exact too or stays below them.
    ///
    /// - Parameters:
    ///   - rank: At least 1.
    ///   - values: The first columns of the rounded product of one row: [1, up to columns]. Elements
    ///     after them are not looked at.
    ///   - input: That row, [1, inner].
    ///   - scratch: [1, at least as many columns as `values`], overwritten.
    /// - Returns: False if it would take too many elements, or the input is not finite or too large to
    ///   say; the values are as they were then.
    package func settle(_ rank: Int, of values: Matrix, _ input: Matrix, scratch: Matrix) -> Bool {
        precondition(values.rows == 1 && values.columns <= exact.rows && rank >= 1)
        precondition(input.rows == 1 && input.columns == exact.columns)
        let norm = input.squaredNorm.squareRoot()
        // Beyond this a chain of products could overflow where its bound does not.
        guard norm < 0x1p40 && norm * largestNorm < 0x1p100 else { return false }
        let distance = Float(norm * (1 + 0x1p-20))
        let bounds = scratch.columns(0..<values.columns)
        widen(values, by: -distance, into: bounds)
        guard let reached = LargestValues.bound(rank, in: bounds) else { return false }
        widen(values, by: distance, into: bounds)
        let candidates = SamplingKernels.indices(in: bounds, atLeast: reached)
        guard candidates.count <= values.columns / 4 else { return false }
        unsafe vector_math_chains(
            input.base,
            exact.base,
            exact.rowStride,
            exact.columns,
            candidates,
            candidates.count,
            values.base
        )
        return true
    }

    private func widen(_ values: Matrix, by distance: Float, into bounds: Matrix) {
        unsafe vector_math_screen_bounds(
            values.base,
            radii.base,
            values.columns,
            distance,
            bounds.base
        )
    }
}
