import CVectorMath

/// Passes over one row of logits, [1, vocabulary].
package enum SamplingKernels {
    /// The largest logit.
    package static func maximum(of row: Matrix) -> Float {
        precondition(row.rows == 1 && row.columns > 0)
        return unsafe vector_math_maximum(row.base, row.columns)
    }

    /// Whether a token can be drawn by these logits: none is NaN or +∞, and one is above −∞.
    package static func canDraw(from row: Matrix) -> Bool {
        let isSound = row.buffer.withSpan(row.range) { values in
            var isSound = true
            // False for NaN, too.
            for index in 0..<values.count { isSound = isSound && values[index] < .infinity }
            return isSound
        }
        return isSound && maximum(of: row) > -.infinity
    }

    /// Overwrites the logits with exp(scale·(x − maximum)); returns the sum.
    package static func softmaxWeights(_ row: Matrix, scale: Float, maximum: Float) -> Double {
        precondition(row.rows == 1)
        return unsafe vector_math_softmax_weights(row.base, row.columns, scale, maximum)
    }

    /// The largest value of each of `count` groups: of every `count`-th value.
    package static func groupMaxima(of row: Matrix, count: Int) -> [Float] {
        precondition(row.rows == 1 && count > 0)
        var maxima = [Float](repeating: 0, count: count)
        unsafe vector_math_group_maxima(row.base, row.columns, &maxima, count)
        return maxima
    }

    /// The indices of the values that are at least `threshold`, in order.
    package static func indices(in row: Matrix, atLeast threshold: Float) -> [Int32] {
        precondition(row.rows == 1)
        var found = [Int32](repeating: 0, count: min(row.columns, 256))
        while true {
            let count = unsafe vector_math_indices_at_least(
                row.base,
                row.columns,
                threshold,
                &found,
                found.count
            )
            if count <= found.count { return Array(found[..<count]) }
            found = [Int32](repeating: 0, count: count)
        }
    }
}
