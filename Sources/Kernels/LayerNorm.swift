import CVectorMath

/// Layer normalisation of rows, arXiv:1607.06450.
///
///     z = (x − mean)/√(variance + ε),  y = z ⊙ scale + shift
package enum LayerNorm {
    /// Normalises rows of `input`, [rows, width].
    ///
    /// Writes z to `normalized` and 1/√(variance + ε) to `inverseDeviation`, [rows, 1], both kept
    /// for the backward pass, and y to `output`.
    package static func forward(
        _ input: Matrix,
        scale: Matrix,
        shift: Matrix,
        epsilon: Float,
        normalized: Matrix,
        inverseDeviation: Matrix,
        output: Matrix
    ) {
        requireRows([input, normalized, output], scale, shift)
        precondition(inverseDeviation.range.count == input.rows)
        unsafe vector_math_layer_norm(
            input.base,
            scale.base,
            shift.base,
            epsilon,
            input.rows,
            input.columns,
            normalized.base,
            inverseDeviation.base,
            output.base
        )
    }

    /// output = normalized ⊙ scale + shift: the forward result once more.
    package static func affine(
        _ normalized: Matrix,
        scale: Matrix,
        shift: Matrix,
        into output: Matrix
    ) {
        requireRows([normalized, output], scale, shift)
        unsafe vector_math_affine_rows(
            normalized.base,
            scale.base,
            shift.base,
            normalized.rows,
            normalized.columns,
            output.base
        )
    }

    /// Overwrites z with (z ⊙ scale + shift)·factor; a factor of 0 writes exact zeros.
    package static func affineInPlace(
        _ normalized: Matrix,
        scale: Matrix,
        shift: Matrix,
        factor: Float
    ) {
        requireRows([normalized], scale, shift)
        guard factor != 0 else { return normalized.fill(with: 0) }
        unsafe vector_math_affine_rows_in_place(
            normalized.base,
            scale.base,
            shift.base,
            factor,
            normalized.rows,
            normalized.columns
        )
    }

    /// inputGradient = residualGradient + the gradient with respect to the input.
    package static func backward(
        outputGradient: Matrix,
        normalized: Matrix,
        inverseDeviation: Matrix,
        scale: Matrix,
        residualGradient: Matrix?,
        into inputGradient: Matrix
    ) {
        requireRows([outputGradient, normalized, inputGradient], scale)
        if let residualGradient { requireRows([residualGradient, inputGradient], scale) }
        precondition(inverseDeviation.range.count == normalized.rows)
        unsafe vector_math_layer_norm_backward(
            normalized.base,
            inverseDeviation.base,
            scale.base,
            outputGradient.base,
            residualGradient.map { unsafe $0.base },
            normalized.rows,
            normalized.columns,
            inputGradient.base
        )
    }

    /// Adds Σ outputGradient ⊙ z over the rows to `scale` and Σ outputGradient to `shift`.
    package static func addParameterGradients(
        outputGradient: Matrix,
        normalized: Matrix,
        scale: Matrix,
        shift: Matrix
    ) {
        requireRows([outputGradient, normalized], scale, shift)
        unsafe vector_math_layer_norm_parameter_gradients(
            normalized.base,
            outputGradient.base,
            normalized.rows,
            normalized.columns,
            scale.base,
            shift.base
        )
    }

    /// Requires contiguous matrices of one shape, and parameters of one row of their width.
    static func requireRows(_ matrices: [Matrix], _ parameters: Matrix...) {
        for matrix in matrices {
            precondition(matrix.isContiguous, "normalisation works on contiguous rows")
            matrix.requireShape(of: matrices[0])
        }
        for parameter in parameters { parameter.requireRow(of: matrices[0].columns) }
    }
}
