import CVectorMath

/// Attention of one new token over the keys and values of the tokens before it.
package enum CachedAttention {
    /// Positions that share a block of keys; a cache holds whole blocks.
    package static let positionsPerBlock = 16

    /// Stores a token's key and value of some heads, then attends with the queries that share each of
    /// them over all positions up to it.
    ///
    ///     output_h = softmax(q_h·K_hᵀ/√width_h)·V_h            Vaswani et al. 2017, Sec. 3.2.1
    ///
    /// - Parameters:
    ///   - projections: [1, queries | keys | values] of the token.
    ///   - keys: Where the sequence's keys begin: blocks of [width of keys][16 positions].
    ///   - values: Where its values begin: [positions, width of values].
    ///   - position: The token's position.
    ///   - heads: Which heads of keys and values.
    ///   - headWidth: Columns of one head.
    ///   - weights: Scratch, [1, positions rounded up to 16].
    ///   - output: [1, width of queries]; the other heads' columns stay.
    package static func attend(
        _ projections: Matrix,
        keys: Matrix,
        values: Matrix,
        position: Int,
        heads: Range<Int>,
        headWidth: Int,
        weights: Matrix,
        into output: Matrix
    ) {
        let width = values.columns
        let block = positionsPerBlock
        let groupSize = output.columns / width
        precondition(projections.columns == output.columns + 2 * width)
        precondition(groupSize * width == output.columns && heads.upperBound * headWidth <= width)
        precondition(position < values.rows)
        precondition(
            keys.columns == width * block && keys.isContiguous && position < keys.rows * block
        )
        precondition(weights.columns >= (position / block + 1) * block)
        for head in heads {
            let start = head * headWidth
            let key = unsafe projections.base + (output.columns + start)
            let headKeys = unsafe keys.base + start * block
            let headValues = unsafe values.base + start
            unsafe vector_math_store_key(
                key,
                headKeys + position / block * keys.columns + position % block,
                headWidth
            )
            unsafe (headValues + position * values.rowStride).update(
                from: key + width,
                count: headWidth
            )
            for query in head * groupSize..<(head + 1) * groupSize {
                unsafe vector_math_cached_attention(
                    projections.base + query * headWidth,
                    headKeys,
                    keys.columns,
                    headValues,
                    values.rowStride,
                    position + 1,
                    headWidth,
                    1 / Float(headWidth).squareRoot(),
                    weights.base,
                    output.base + query * headWidth
                )
            }
        }
    }
}
