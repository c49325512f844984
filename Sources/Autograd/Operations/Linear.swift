package import Kernels

/// y = x·W + b with W [in, out] and b [1, out].
package struct Linear: Sendable {
    package let weight: Parameter
    package let bias: Parameter

    /// Joins a weight and a bias.
    package init(weight: Parameter, bias: Parameter) {
        self.weight = weight
        self.bias = bias
    }

    /// output = x·W + b, [rows, out].
    package func forward(_ input: Matrix, into output: Matrix) {
        output.fillRows(with: bias.value)
        MatrixMultiply.multiply(input, weight.value, into: output, beta: 1)
    }

    /// residual += x·W + b, [rows, out].
    package func forward(_ input: Matrix, addingTo residual: Matrix) {
        residual.addToRows(bias.value)
        MatrixMultiply.multiply(input, weight.value, into: residual, beta: 1)
    }

    /// Records the terms of both parameters; inputGradient = outputGradient·Wᵀ, if wanted.
    ///
    /// `source` says how to make `input` again, if its memory does not last. `outputGradient`
    /// must last until the tape's sum has been taken.
    package func backward(
        _ input: Matrix,
        madeFrom source: ProductTerm.NormalizedInput? = nil,
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
        if bias.slot != nil {
            let sums = tape.kept.matrix(rows: tape.units.count, columns: outputGradient.columns)
            sums.fill(with: 0)
            for (unit, rows) in tape.units.enumerated() {
                sums.rows(unit..<unit + 1).addColumnSums(of: outputGradient.rows(rows))
            }
            tape.record(.vector(VectorTerm(perUnit: sums)), of: bias)
        }
        if let inputGradient {
            MatrixMultiply.multiply(outputGradient, transposed: weight.value, into: inputGradient)
        }
    }
}
