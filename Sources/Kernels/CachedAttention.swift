import CVectorMath

/// Attention of one new token over the keys and values of the tokens before it.
package enum CachedAttention {
    /// Positions that share a block of keys; a cache holds whole blocks.
    package static let positionsPerBlock = 16

    /// Stores a token's key and value for some heads, then attends over all positions up to it.
    ///
    ///     output_h = softmax(q_h·K_hᵀ/√width_h)·V_h            Vaswani et al. 2017, Sec. 3.2.1
    ///
    /// - Parameters:
    ///   - projections: [1, 3·width]: query, key and value of the token.
    ///   - keys: Where the sequence's keys begin: blocks of [width][16 positions].
    ///   - values: Where its values begin: [positions, width].
    ///   - position: The token's position.
    ///   - heads: Which heads, of `headWidth` each.
    ///   - weights: Scratch, [1, positions rounded up to 16].
    ///   - output: [1, width]; the other heads' columns stay.
    package static func attend(
        _ projections: Matrix, keys: Matrix, values: Matrix, position: Int, heads: Range<Int>,
        headWidth: Int, weights: Matrix, into output: Matrix
    ) {
        let width = output.columns
        let block = positionsPerBlock
        precondition(projections.columns == 3 * width && heads.upperBound * headWidth <= width)
        precondition(values.columns == width && position < values.rows)
        precondition(
            keys.columns == width * block && keys.isContiguous && position < keys.rows * block)
        precondition(weights.columns >= (position / block + 1) * block)
        for head in heads {
            let start = head * headWidth
            let query = unsafe projections.base + start
            let headKeys = unsafe keys.base + start * block
            let headValues = unsafe values.base + start
            unsafe vector_math_store_key(
                query + width, headKeys + position / block * keys.columns + position % block,
                headWidth)
            unsafe (headValues + position * values.rowStride).update(
                from: query + 2 * width, count: headWidth)
            unsafe vector_math_cached_attention(
                query, headKeys, keys.columns, headValues, values.rowStride, position + 1,
                headWidth, 1 / Float(headWidth).squareRoot(), weights.base, output.base + start)
        }
    }
}
