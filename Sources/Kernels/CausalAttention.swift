import CVectorMath

/// Causal self-attention of one record and one head; the only operation that mixes positions.
///
///     P = softmax(Q·Kᵀ/√d) over the columns up to the row's own,  O = P·V
///
/// Query rows are processed in blocks, each against the keys up to its end, so that long records
/// cost about half of the full square. Probabilities are computed again in the backward pass.
package enum CausalAttention {
    /// Query rows of one block.
    private static let blockRows = 128

    /// The queries, keys and values of one head, or their gradients: three [time, headWidth] views.
    package struct Projections {
        /// One row a position.
        package let query, key, value: Matrix

        /// Views head `head` of rows [query | key | value], each `width` wide.
        package init(_ rows: Matrix, head: Int, headWidth: Int) {
            let width = rows.columns / 3
            func part(_ index: Int) -> Matrix {
                let start = index * width + head * headWidth
                return rows.columns(start..<start + headWidth)
            }
            query = part(0)
            key = part(1)
            value = part(2)
        }
    }

    /// How many scratch elements records of `time` positions need.
    package static func scratchCount(time: Int, headWidth: Int) -> Int {
        2 * min(time, blockRows) * time + time * 3 * headWidth
    }

    /// Writes O, [time, headWidth], for one head.
    package static func forward(_ head: Projections, into output: Matrix, scratch: Matrix) {
        for rows in blocks(of: output.rows) {
            let probabilities = probabilities(head, rows, in: scratch)
            MatrixMultiply.multiply(
                probabilities,
                head.value.rows(0..<rows.upperBound),
                into: output.rows(rows)
            )
        }
    }

    /// Overwrites queries, keys and values of one head with their gradients.
    package static func backward(_ head: Projections, outputGradient: Matrix, scratch: Matrix) {
        let (time, width) = (outputGradient.rows, outputGradient.columns)
        let gradientStart = 2 * min(time, blockRows) * time
        let gradient = Projections(
            Matrix(
                scratch.buffer,
                offset: scratch.offset + gradientStart,
                rows: time,
                columns: 3 * width
            ),
            head: 0,
            headWidth: width
        )
        // The last block reaches every key, so it comes first and overwrites; the others add.
        for (index, rows) in blocks(of: time).reversed().enumerated() {
            addBlock(
                head,
                rows,
                outputGradient: outputGradient,
                to: gradient,
                beta: index == 0 ? 0 : 1,
                scratch: scratch
            )
        }
        head.query.copy(from: gradient.query)
        head.key.copy(from: gradient.key)
        head.value.copy(from: gradient.value)
    }

    private static func addBlock(
        _ head: Projections,
        _ rows: Range<Int>,
        outputGradient: Matrix,
        to gradient: Projections,
        beta: Float,
        scratch: Matrix
    ) {
        let reach = 0..<rows.upperBound
        let queries = head.query.rows(rows)
        let upstream = outputGradient.rows(rows)
        let probabilities = probabilities(head, rows, in: scratch)
        let scores = Matrix(
            scratch.buffer,
            offset: scratch.offset + probabilities.rows * probabilities.columns,
            rows: rows.count,
            columns: reach.count
        )
        MatrixMultiply.multiply(
            transposed: probabilities,
            upstream,
            into: gradient.value.rows(reach),
            beta: beta
        )
        MatrixMultiply.multiply(upstream, transposed: head.value.rows(reach), into: scores)
        unsafe vector_math_causal_softmax_backward(
            probabilities.base,
            scores.base,
            rows.count,
            reach.count,
            reach.count,
            rows.lowerBound + 1,
            scale(of: head)
        )
        MatrixMultiply.multiply(scores, head.key.rows(reach), into: gradient.query.rows(rows))
        MatrixMultiply.multiply(
            transposed: scores,
            queries,
            into: gradient.key.rows(reach),
            beta: beta
        )
    }

    /// P of the query rows `rows`, [rows, keys up to their end].
    private static func probabilities(
        _ head: Projections,
        _ rows: Range<Int>,
        in scratch: Matrix
    ) -> Matrix {
        let keys = head.key.rows(0..<rows.upperBound)
        let result = Matrix(
            scratch.buffer,
            offset: scratch.offset,
            rows: rows.count,
            columns: keys.rows
        )
        MatrixMultiply.multiply(head.query.rows(rows), transposed: keys, into: result)
        unsafe vector_math_causal_softmax(
            result.base,
            result.rows,
            result.columns,
            result.rowStride,
            rows.lowerBound + 1,
            scale(of: head)
        )
        return result
    }

    private static func scale(of head: Projections) -> Float {
        1 / Float(head.query.columns).squareRoot()
    }

    private static func blocks(of time: Int) -> [Range<Int>] {
        stride(from: 0, to: time, by: blockRows).map { $0..<min($0 + blockRows, time) }
    }
}
