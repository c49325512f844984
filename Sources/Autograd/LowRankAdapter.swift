import Kernels

/// A trained addition of low rank to a frozen linear weight: y = x·W + b + scale·(x·A)·B.
///
/// A is [in, rank], B [rank, out]; LoRA, Hu et al. 2021, arXiv:2106.09685, section 4.1.
package struct LowRankAdapter: Sendable {
    package let down: Parameter
    package let up: Parameter
    /// α/rank, which keeps the size of the addition independent of the rank.
    package let scale: Float

    /// Joins A (`down`) and B (`up`).
    package init(down: Parameter, up: Parameter, scale: Float) {
        precondition(
            down.value.columns == up.value.rows,
            "A has \(down.value.columns) columns, B \(up.value.rows) rows"
        )
        self.down = down
        self.up = up
        self.scale = scale
    }

    /// The number of columns of A.
    package var rank: Int { down.value.columns }

    /// reduced = x·A, [rows, rank]; output += scale·reduced·B, [rows, out].
    func forward(_ input: Matrix, reduced: Matrix, addingTo output: Matrix) {
        MatrixMultiply.multiply(input, down.value, into: reduced)
        MatrixMultiply.multiply(reduced, up.value, into: output, alpha: scale, adding: true)
    }

    /// Records the terms of A and B; inputGradient = scale·(outputGradient·Bᵀ)·Aᵀ, if wanted.
    ///
    ///     ∂A = xᵀ·(scale·g·Bᵀ),  ∂B = scale·(x·A)ᵀ·g       over the rows of each unit
    ///
    /// With a small rank a unit's gradients take less memory than the rows they come from, so they
    /// are formed here, once, and serve norm and sum alike. `input` need not last.
    func backward(
        _ input: Matrix,
        reduced: Matrix,
        outputGradient: Matrix,
        inputGradient: Matrix?,
        on tape: Tape
    ) {
        tape.scratch.scoped {
            let reducedGradient = tape.scratch.matrix(rows: input.rows, columns: rank)
            MatrixMultiply.multiply(
                outputGradient,
                transposed: up.value,
                into: reducedGradient,
                alpha: scale
            )
            tape.recordPerUnit(of: down) { rows, gradient in
                MatrixMultiply.multiply(
                    transposed: input.rows(rows),
                    reducedGradient.rows(rows),
                    into: gradient
                )
            }
            tape.recordPerUnit(of: up) { rows, gradient in
                MatrixMultiply.multiply(
                    transposed: reduced.rows(rows),
                    outputGradient.rows(rows),
                    into: gradient,
                    alpha: scale
                )
            }
            if let inputGradient {
                MatrixMultiply.multiply(
                    reducedGradient,
                    transposed: down.value,
                    into: inputGradient
                )
            }
        }
    }
}
