package import Kernels

/// y = x·W + b with W [in, out] and b [1, out], or y = x·W, and the addition of an adapter if there
/// is one.
package struct Linear: Sendable {
    package let weight: Parameter
    package let bias: Parameter?
    package let adapter: LowRankAdapter?

    /// Joins a weight and a bias, and an adapter of the weight.
    package init(weight: Parameter, bias: Parameter?, adapter: LowRankAdapter? = nil) {
        self.weight = weight
        self.bias = bias
        self.adapter = adapter
    }

    /// Memory for what the adapter keeps of the forward pass: [rows, rank], or no columns.
    package func reduced(rows: Int, from arena: Arena) -> Matrix {
        arena.matrix(rows: rows, columns: adapter?.rank ?? 0)
    }

    /// output = x·W + b, [rows, out]; keeps `reduced` for the backward pass.
    package func forward(_ input: Matrix, reduced: Matrix, into output: Matrix) {
        MatrixMultiply.multiply(input, weight.value, bias: bias?.value, into: output)
        adapter?.forward(input, reduced: reduced, addingTo: output)
    }

    /// residual += x·W + b, [rows, out]; keeps `reduced` for the backward pass.
    package func forward(_ input: Matrix, reduced: Matrix, addingTo residual: Matrix) {
        MatrixMultiply.multiply(
            input,
            weight.value,
            bias: bias?.value,
            into: residual,
            adding: true
        )
        adapter?.forward(input, reduced: reduced, addingTo: residual)
    }

    /// Records the terms of all parameters; inputGradient = outputGradient·∂y/∂x, if wanted.
    ///
    /// `source` says how to make `input` again, if its memory does not last. `outputGradient`
    /// must last until the tape's sum has been taken.
    package func backward(
        _ input: Matrix,
        madeFrom source: ProductTerm.NormalizedInput? = nil,
        reduced: Matrix,
        outputGradient: Matrix,
        inputGradient: Matrix?,
        on tape: Tape
    ) {
        let term = ProductTerm(
            left: input,
            right: outputGradient,
            units: tape.units,
            madeFrom: source
        )
        tape.record(.product(term), of: weight)
        recordBias(outputGradient, on: tape)
        adapter?.backward(
            input,
            reduced: reduced,
            outputGradient: outputGradient,
            inputGradient: inputGradient,
            on: tape
        )
        if let inputGradient {
            MatrixMultiply.multiply(
                outputGradient,
                transposed: weight.value,
                into: inputGradient,
                adding: adapter != nil
            )
        }
    }

    private func recordBias(_ outputGradient: Matrix, on tape: Tape) {
        guard let bias, bias.slot != nil else { return }
        let sums = tape.kept.matrix(rows: tape.units.count, columns: outputGradient.columns)
        sums.fill(with: 0)
        for (unit, rows) in tape.units.enumerated() {
            sums.rows(unit..<unit + 1).addColumnSums(of: outputGradient.rows(rows))
        }
        tape.record(.vector(VectorTerm(perUnit: sums)), of: bias)
    }
}
