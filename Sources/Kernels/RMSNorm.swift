import CVectorMath

/// Root mean square normalisation of rows; Zhang and Sennrich 2019, arXiv:1910.07467.
///
///     z = x/√(mean of x² + ε),  y = z ⊙ scale
package enum RMSNorm {
    /// Normalises rows of `input`, [rows, width].
    ///
    /// Writes z to `normalized` and 1/√(mean of x² + ε) to `inverseRoot`, [rows, 1], both kept for the
    /// backward pass, and y to `output`.
    package static func forward(
        _ input: Matrix,
        scale: Matrix,
        epsilon: Float,
        normalized: Matrix,
        inverseRoot: Matrix,
        output: Matrix
    ) {
        LayerNorm.requireRows([input, normalized, output], scale)
        precondition(inverseRoot.range.count == input.rows)
        unsafe vector_math_rms_norm(
            input.base,
            scale.base,
            epsilon,
            input.rows,
            input.columns,
            normalized.base,
            inverseRoot.base,
            output.base
        )
    }

    /// output = normalized ⊙ scale · factor: the forward result once more.
    ///
    /// A factor of 0 writes exact zeros. Both may be the same memory.
    package static func scaled(
        _ normalized: Matrix,
        scale: Matrix,
        factor: Float = 1,
        into output: Matrix
    ) {
        LayerNorm.requireRows([normalized, output], scale)
        guard factor != 0 else { return output.fill(with: 0) }
        unsafe vector_math_scale_rows(
            normalized.base,
            scale.base,
            factor,
            normalized.rows,
            normalized.columns,
            output.base
        )
    }

    /// inputGradient = residualGradient + the gradient with respect to the input.
    package static func backward(
        outputGradient: Matrix,
        normalized: Matrix,
        inverseRoot: Matrix,
        scale: Matrix,
        residualGradient: Matrix?,
        into inputGradient: Matrix
    ) {
        LayerNorm.requireRows([outputGradient, normalized, inputGradient], scale)
        if let residualGradient { LayerNorm.requireRows([residualGradient, inputGradient], scale) }
        precondition(inverseRoot.range.count == normalized.rows)
        unsafe vector_math_rms_norm_backward(
            normalized.base,
            inverseRoot.base,
            scale.base,
            outputGradient.base,
            residualGradient.map { unsafe $0.base },
            normalized.rows,
            normalized.columns,
            inputGradient.base
        )
    }

    /// Adds Σ outputGradient ⊙ z over the rows to `scale`.
    package static func addScaleGradient(
        outputGradient: Matrix,
        normalized: Matrix,
        to scale: Matrix
    ) {
        LayerNorm.requireRows([outputGradient, normalized], scale)
        unsafe vector_math_rms_norm_scale_gradient(
            normalized.base,
            outputGradient.base,
            normalized.rows,
            normalized.columns,
            scale.base
        )
    }
}
