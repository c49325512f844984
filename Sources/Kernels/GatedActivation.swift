import CVectorMath

/// A linear unit gated by an activation of another: a(gate) ⊙ up; Shazeer 2020, arXiv:2002.05202.
package enum GatedActivation: Sendable, Equatable {
    /// a(x) = x·σ(x)
    case silu
    /// The tanh form of `GELU`.
    case gelu

    /// output = a(gate) ⊙ up of rows [gate | up]; [rows, 2 · width] gives [rows, width].
    package func forward(_ projections: Matrix, into output: Matrix) {
        requireShapes(projections, output)
        unsafe vector_math_gated_activation(
            projections.base,
            output.rows,
            output.columns,
            self == .gelu ? 1 : 0,
            output.base
        )
    }

    /// Overwrites gate and up with their gradients.
    package func backward(_ projections: Matrix, outputGradient: Matrix) {
        requireShapes(projections, outputGradient)
        unsafe vector_math_gated_activation_backward(
            projections.base,
            outputGradient.base,
            outputGradient.rows,
            outputGradient.columns,
            self == .gelu ? 1 : 0
        )
    }

    private func requireShapes(_ projections: Matrix, _ output: Matrix) {
        precondition(
            projections.isContiguous && output.isContiguous && projections.rows == output.rows
                && projections.columns == 2 * output.columns,
            "gate and up of \(projections.rows)×\(projections.columns) for "
                + "\(output.rows)×\(output.columns)"
        )
    }
}
