import CVectorMath

/// A weight matrix [inner, columns] rearranged for generation, where few rows meet many weights.
///
/// Panels of 32 columns are stored one after another, so that a product reads the weights as one
/// stream: with one row it is as fast as memory, with 64 rows twice as fast as BLAS (415 against
/// 163 GFLOP/s on two Zen 5 cores). Every output element is one chain of multiply-adds in a fixed
/// order, so a row's bits do not depend on its batch mates or on the number of threads.
package struct PackedMatrix: Sendable {
    /// What happens to a product.
    package enum Finish: Sendable {
        /// output = product + bias
        case store
        /// output += product + bias
        case add
        /// output = gelu(product + bias)
        case gelu
    }

    /// Number of rows of the matrix: the width of what it is applied to.
    package let inner: Int
    /// Number of columns of the matrix: the width of the result.
    package let columns: Int
    /// Number of panels, the unit in which work is shared out.
    package var panelCount: Int { (columns + Self.panelWidth - 1) / Self.panelWidth }
    private let panels: FloatBuffer
    private static let panelWidth = 32

    /// Packs `matrix`, [inner, columns], or with `transposed` [columns, inner].
    package init(
        packing matrix: Matrix,
        transposed: Bool = false,
        parallel: ParallelFor = ParallelFor(threadCount: 1)
    ) {
        inner = transposed ? matrix.columns : matrix.rows
        columns = transposed ? matrix.rows : matrix.columns
        let panelCount = (columns + Self.panelWidth - 1) / Self.panelWidth
        let panels = FloatBuffer(count: panelCount * Self.panelWidth * inner)
        let (rowStep, columnStep) = transposed ? (1, matrix.rowStride) : (matrix.rowStride, 1)
        parallel(panelCount) { [inner, columns] panel, _ in
            let start = panel * Self.panelWidth
            let width = min(Self.panelWidth, columns - start)
            for row in 0..<inner {
                let source = unsafe matrix.base + row * rowStep + start * columnStep
                let target = unsafe panels.base + (start * inner + row * Self.panelWidth)
                for column in 0..<width {
                    unsafe target[column] = source[column * columnStep]
                }
            }
        }
        self.panels = panels
    }

    /// Multiplies the rows of `input` with some panels; the output's other columns stay.
    ///
    /// - Parameters:
    ///   - input: [rows, inner].
    ///   - bias: [1, columns], or nil for zeros.
    ///   - finish: What happens to the product.
    ///   - output: [rows, columns].
    ///   - range: Which panels, within `0..<panelCount`.
    package func multiply(
        _ input: Matrix,
        bias: Matrix?,
        _ finish: Finish = .store,
        into output: Matrix,
        panels range: Range<Int>
    ) {
        precondition(
            input.columns == inner && output.columns == columns && input.rows == output.rows,
            "\(input.rows)×\(input.columns) times \(inner)×\(columns) into "
                + "\(output.rows)×\(output.columns)"
        )
        precondition(range.lowerBound >= 0 && range.upperBound <= panelCount)
        precondition(bias.map { $0.columns == columns } ?? true)
        let code =
            switch finish {
            case .store: packed_multiply_store
            case .add: packed_multiply_add
            case .gelu: packed_multiply_gelu
            }
        unsafe vector_math_packed_multiply(
            input.base,
            input.rowStride,
            input.rows,
            panels.base,
            inner,
            columns,
            range.lowerBound,
            range.upperBound,
            bias?.base,
            Int32(code.rawValue),
            output.base,
            output.rowStride
        )
    }

    /// The product with all panels, shared out over the workers.
    package func multiply(
        _ input: Matrix,
        bias: Matrix?,
        _ finish: Finish = .store,
        into output: Matrix,
        parallel: ParallelFor
    ) {
        parallel.inPieces(of: panelCount) { range in
            multiply(input, bias: bias, finish, into: output, panels: range)
        }
    }
}
