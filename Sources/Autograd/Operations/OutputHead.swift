package import Kernels

/// Logits h·Wᵀ with the token table W, [vocabulary, width], and their cross-entropy.
package struct OutputHead: Sendable {
    package let weight: Parameter

    /// Uses `weight`: the token embedding, or a table of the head's own.
    package init(weight: Parameter) {
        self.weight = weight
    }

    /// Whether the table has a gradient, so that logits must last until the tape's sum is taken.
    package var isTrained: Bool { weight.slot != nil }

    /// logits = h·Wᵀ, [rows, vocabulary].
    package func forward(_ input: Matrix, into logits: Matrix) {
        MatrixMultiply.multiply(input, transposed: weight.value, into: logits)
    }

    /// The losses of all rows in nats; the logits become (softmax − onehot)·weights[row].
    package func losses(logits: Matrix, targets: [Int32], weights: [Float]) -> [Double] {
        (0..<logits.rows).map { row in
            CrossEntropy.backward(
                logits: logits.rows(row..<row + 1),
                target: Int(targets[row]),
                weight: weights[row]
            )
        }
    }

    /// Records the term of the table; inputGradient = δ·W, [rows, width].
    ///
    /// `logitGradient` and `input` must last until the tape's sum has been taken, if the table is
    /// trained; `units` are the rows of each unit of the tape among the rows given here.
    package func backward(
        _ input: Matrix,
        logitGradient: Matrix,
        units: [Range<Int>],
        inputGradient: Matrix,
        on tape: Tape
    ) {
        let term = ProductTerm(left: logitGradient, right: input, units: units)
        tape.record(.product(term), of: weight)
        MatrixMultiply.multiply(logitGradient, weight.value, into: inputGradient)
    }
}
