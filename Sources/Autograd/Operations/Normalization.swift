package import Kernels

/// Layer normalisation with trainable scale and shift, or RMS normalisation with a scale alone.
///
/// Scale and shift are [1, width].
package struct Normalization: Sendable {
    /// What the forward pass keeps for the backward pass.
    package struct Kept {
        /// z, [rows, width].
        package let normalized: Matrix
        /// 1/√(variance + ε), or 1/√(mean of squares + ε), [rows, 1].
        package let inverseDeviation: Matrix

        /// Takes memory for `rows` rows.
        package init(rows: Int, width: Int, from arena: Arena) {
            normalized = arena.matrix(rows: rows, columns: width)
            inverseDeviation = arena.matrix(rows: rows, columns: 1)
        }
    }

    package let scale: Parameter
    /// Nil makes it RMS normalisation, which does not centre.
    package let shift: Parameter?
    private let epsilon: Float

    /// Joins scale and shift; `epsilon` is added to the variance, or to the mean of squares.
    package init(scale: Parameter, shift: Parameter?, epsilon: Float) {
        self.scale = scale
        self.shift = shift
        self.epsilon = epsilon
    }

    /// output = z ⊙ scale + shift, [rows, width].
    package func forward(_ input: Matrix, keeping kept: Kept, into output: Matrix) {
        if let shift {
            LayerNorm.forward(
                input,
                scale: scale.value,
                shift: shift.value,
                epsilon: epsilon,
                normalized: kept.normalized,
                inverseDeviation: kept.inverseDeviation,
                output: output
            )
        } else {
            RMSNorm.forward(
                input,
                scale: scale.value,
                epsilon: epsilon,
                normalized: kept.normalized,
                inverseRoot: kept.inverseDeviation,
                output: output
            )
        }
    }

    /// Makes the forward output again.
    package func output(of kept: Kept, into output: Matrix) {
        if let shift {
            LayerNorm.affine(
                kept.normalized,
                scale: scale.value,
                shift: shift.value,
                into: output
            )
        } else {
            RMSNorm.scaled(kept.normalized, scale: scale.value, into: output)
        }
    }

    /// The kept rows, as the source of a linear layer's input.
    package func source(of kept: Kept) -> ProductTerm.NormalizedInput {
        ProductTerm.NormalizedInput(
            normalized: kept.normalized,
            scale: scale.value,
            shift: shift?.value
        )
    }

    /// Records the terms of scale and shift; inputGradient = residualGradient + own gradient.
    ///
    /// `units` are the rows of each unit of the tape among the rows given here.
    package func backward(
        outputGradient: Matrix,
        keeping kept: Kept,
        units: [Range<Int>],
        residualGradient: Matrix?,
        inputGradient: Matrix,
        on tape: Tape
    ) {
        recordParameters(outputGradient, kept.normalized, units, on: tape)
        if shift == nil {
            RMSNorm.backward(
                outputGradient: outputGradient,
                normalized: kept.normalized,
                inverseRoot: kept.inverseDeviation,
                scale: scale.value,
                residualGradient: residualGradient,
                into: inputGradient
            )
        } else {
            LayerNorm.backward(
                outputGradient: outputGradient,
                normalized: kept.normalized,
                inverseDeviation: kept.inverseDeviation,
                scale: scale.value,
                residualGradient: residualGradient,
                into: inputGradient
            )
        }
    }

    private func recordParameters(
        _ outputGradient: Matrix,
        _ normalized: Matrix,
        _ units: [Range<Int>],
        on tape: Tape
    ) {
        guard scale.slot != nil || shift?.slot != nil else { return }
        let width = outputGradient.columns
        let scales = tape.kept.matrix(rows: units.count, columns: width)
        scales.fill(with: 0)
        guard let shift else {
            for (unit, rows) in units.enumerated() {
                RMSNorm.addScaleGradient(
                    outputGradient: outputGradient.rows(rows),
                    normalized: normalized.rows(rows),
                    to: scales.rows(unit..<unit + 1)
                )
            }
            return tape.record(.vector(VectorTerm(perUnit: scales)), of: scale)
        }
        let shifts = tape.kept.matrix(rows: units.count, columns: width)
        shifts.fill(with: 0)
        for (unit, rows) in units.enumerated() {
            LayerNorm.addParameterGradients(
                outputGradient: outputGradient.rows(rows),
                normalized: normalized.rows(rows),
                scale: scales.rows(unit..<unit + 1),
                shift: shifts.rows(unit..<unit + 1)
            )
        }
        tape.record(.vector(VectorTerm(perUnit: scales)), of: scale)
        tape.record(.vector(VectorTerm(perUnit: shifts)), of: shift)
    }
}
