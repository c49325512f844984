import CVectorMath

/// Causal self-attention of one record and one head; the only operation that mixes positions.
///
///     P = softmax(Q·Kᵀ/√d) over the columns up to the row's own,  O = P·V
///
/// Query rows are processed in blocks, each against the keys up to its end, so that long records
/// cost about half of the full square. The caller may keep the probabilities of a short record for
/// the backward pass; otherwise they are computed again.
package enum CausalAttention {
    /// Query rows of one block.
    private static let blockRows = 128

    /// The queries, keys and values of one head, or their gradients: three [time, headWidth] views.
    package struct Projections {
        /// One row a position.
        package let query, key, value: Matrix

        /// Views query head `head` of rows [queries | keys | values], and the key and value of its group.
        ///
        /// `groupSize` query heads in turn share one key and one value (Ainslie et al. 2023,
        /// arXiv:2305.13245), so there are that many times as many queries.
        package init(_ rows: Matrix, head: Int, headWidth: Int, groupSize: Int = 1) {
            let shared = rows.columns / headWidth / (groupSize + 2)
            func part(_ place: Int) -> Matrix {
                rows.columns(place * headWidth..<(place + 1) * headWidth)
            }
            query = part(head)
            key = part(groupSize * shared + head / groupSize)
            value = part((groupSize + 1) * shared + head / groupSize)
        }
    }

    /// How many scratch elements records of `time` positions need: two blocks of scores, and the
    /// gradients.
    package static func scratchCount(time: Int, headWidth: Int) -> Int {
        2 * min(time, blockRows) * time + time * 3 * headWidth
    }

    /// The longest record whose probabilities can be kept: one block.
    package static let longestKept = blockRows

    /// Writes O, [time, headWidth], for one head, and P into `kept`, [time, time], if given.
    package static func forward(
        _ head: Projections,
        into output: Matrix,
        keeping kept: Matrix? = nil,
        scratch: Matrix
    ) {
        precondition(kept.map { $0.rows == output.rows && $0.rows <= longestKept } ?? true)
        for rows in blocks(of: output.rows) {
            let probabilities = probabilities(head, rows, into: kept, scratch: scratch)
            MatrixMultiply.multiply(
                probabilities,
                head.value.rows(0..<rows.upperBound),
                into: output.rows(rows)
            )
        }
    }

    /// Overwrites queries, keys and values of one head with their gradients.
    ///
    /// Heads of one group follow one another on the same scratch memory, where the gradients of their
    /// key and value add up; the last one overwrites these.
    ///
    /// - Parameters:
    ///   - head: The head.
    ///   - outputGradient: [time, headWidth].
    ///   - kept: What the forward pass of this head kept, if it kept anything.
    ///   - isFirst: Whether the head is the first of those that share its key and value.
    ///   - isLast: Whether it is the last one.
    ///   - scratch: `scratchCount` elements.
    package static func backward(
        _ head: Projections,
        outputGradient: Matrix,
        kept: Matrix? = nil,
        isFirst: Bool = true,
        isLast: Bool = true,
        scratch: Matrix
    ) {
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
        // The last block reaches every key, so the first head's overwrites; the others add.
        for (index, rows) in blocks(of: time).reversed().enumerated() {
            addBlock(
                head,
                rows,
                outputGradient: outputGradient,
                kept: kept,
                to: gradient,
                adding: index > 0 || !isFirst,
                scratch: scratch
            )
        }
        head.query.copy(from: gradient.query)
        guard isLast else { return }
        head.key.copy(from: gradient.key)
        head.value.copy(from: gradient.value)
    }

    private static func addBlock(
        _ head: Projections,
        _ rows: Range<Int>,
        outputGradient: Matrix,
        kept: Matrix?,
        to gradient: Projections,
        adding: Bool,
        scratch: Matrix
    ) {
        let reach = 0..<rows.upperBound
        let queries = head.query.rows(rows)
        let upstream = outputGradient.rows(rows)
        let probabilities = kept ?? probabilities(head, rows, into: nil, scratch: scratch)
        let scores = Matrix(
            scratch.buffer,
            offset: scratch.offset + rows.count * reach.count,
            rows: rows.count,
            columns: reach.count
        )
        MatrixMultiply.multiply(
            transposed: probabilities,
            upstream,
            into: gradient.value.rows(reach),
            adding: adding
        )
        MatrixMultiply.multiply(
            upstream,
            transposed: head.value.rows(reach),
            into: scores,
            reach: rows.lowerBound
        )
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
            adding: adding
        )
    }

    /// P of the query rows `rows`, [rows, keys up to their end], in `target` or in scratch memory.
    private static func probabilities(
        _ head: Projections,
        _ rows: Range<Int>,
        into target: Matrix?,
        scratch: Matrix
    ) -> Matrix {
        let keys = head.key.rows(0..<rows.upperBound)
        let result =
            target
            ?? Matrix(
                scratch.buffer,
                offset: scratch.offset,
                rows: rows.count,
                columns: keys.rows
            )
        // Row i of these sees the columns up to its own.
        MatrixMultiply.multiply(
            head.query.rows(rows),
            transposed: keys,
            into: result,
            reach: rows.lowerBound
        )
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

    private static func blocks(of time: Int) -> some BidirectionalCollection<Range<Int>> {
        let count = (time + blockRows - 1) / blockRows
        return (0..<count).lazy.map { $0 * blockRows..<min(($0 + 1) * blockRows, time) }
    }
}
