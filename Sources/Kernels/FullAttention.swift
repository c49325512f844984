import CVectorMath

/// Self-attention of one record and one head in which every position sees all.
///
///     O = softmax(Q·Kᵀ/√d)·V
package enum FullAttention {
    /// Writes O, [time, headWidth].
    ///
    /// - Parameters:
    ///   - query: [time, headWidth].
    ///   - key: [time, headWidth].
    ///   - value: [time, headWidth].
    ///   - output: May not overlap the others.
    ///   - scratch: [time, time], contiguous; overwritten.
    package static func forward(
        query: Matrix,
        key: Matrix,
        value: Matrix,
        into output: Matrix,
        scratch: Matrix
    ) {
        precondition(scratch.rows == query.rows && scratch.columns == query.rows)
        MatrixMultiply.multiply(query, transposed: key, into: scratch)
        let scale = 1 / Float(query.columns).squareRoot()
        unsafe vector_math_causal_softmax(
            scratch.base,
            scratch.rows,
            scratch.columns,
            scratch.rowStride,
            scratch.columns,
            scale
        )
        MatrixMultiply.multiply(scratch, value, into: output)
    }
}
