import Autograd
import Kernels

/// One pre-norm transformer block: x += attention(norm(x)), then x += MLP(norm(x)).
struct GPT2Block: Sendable {
    let attentionNorm: Normalization
    let projections: Linear
    let attention: Attention
    let attentionOutput: Linear
    let mlpNorm: Normalization
    let mlpInput: Linear
    let mlpOutput: Linear

    /// What the forward pass keeps of one shard, about 14 · width floats a row.
    struct Kept {
        let attentionNorm: Normalization.Kept
        /// Query, key and value, [rows, 3 · width]; their gradients in the end.
        let projections: Matrix
        /// Attention probabilities of all records and heads, if records are short.
        let probabilities: Matrix?
        let attended: Matrix
        let mlpNorm: Normalization.Kept
        /// Before GELU, [rows, 4 · width]; its gradient in the end.
        let hidden: Matrix
        /// After GELU, [rows, 4 · width].
        let activated: Matrix
        /// What the adapters of the four linear layers keep, [rows, rank].
        let reduced: Reduced

        init(_ block: GPT2Block, records: [Range<Int>], from arena: Arena) {
            let rows = records.last?.upperBound ?? 0
            let width = block.attentionOutput.weight.value.columns
            attentionNorm = Normalization.Kept(rows: rows, width: width, from: arena)
            projections = arena.matrix(rows: rows, columns: 3 * width)
            probabilities = block.attention.probabilities(records: records, from: arena)
            attended = arena.matrix(rows: rows, columns: width)
            mlpNorm = Normalization.Kept(rows: rows, width: width, from: arena)
            hidden = arena.matrix(rows: rows, columns: 4 * width)
            activated = arena.matrix(rows: rows, columns: 4 * width)
            reduced = Reduced(
                projections: block.projections.reduced(rows: rows, from: arena),
                attentionOutput: block.attentionOutput.reduced(rows: rows, from: arena),
                mlpInput: block.mlpInput.reduced(rows: rows, from: arena),
                mlpOutput: block.mlpOutput.reduced(rows: rows, from: arena)
            )
        }

        /// x·A of each linear layer's adapter.
        struct Reduced {
            let projections: Matrix
            let attentionOutput: Matrix
            let mlpInput: Matrix
            let mlpOutput: Matrix
        }
    }

    /// Adds the block's two contributions to the residual stream, [rows, width].
    func forward(_ residual: Matrix, records: [Range<Int>], keeping kept: Kept, scratch: Arena) {
        scratch.scoped {
            let normed = scratch.matrix(rows: residual.rows, columns: residual.columns)
            attentionNorm.forward(residual, keeping: kept.attentionNorm, into: normed)
            projections.forward(
                normed,
                reduced: kept.reduced.projections,
                into: kept.projections
            )
            attention.forward(
                kept.projections,
                records: records,
                keeping: kept.probabilities,
                into: kept.attended,
                scratch: scratch
            )
            attentionOutput.forward(
                kept.attended,
                reduced: kept.reduced.attentionOutput,
                addingTo: residual
            )
            mlpNorm.forward(residual, keeping: kept.mlpNorm, into: normed)
            mlpInput.forward(normed, reduced: kept.reduced.mlpInput, into: kept.hidden)
            GELU.forward(kept.hidden, into: kept.activated)
            mlpOutput.forward(
                kept.activated,
                reduced: kept.reduced.mlpOutput,
                addingTo: residual
            )
        }
    }

    /// Takes the gradient of the residual stream after the block and returns the one before it.
    ///
    /// Both stay on the tape as output gradients of the block below and of this one.
    func backward(
        _ residualGradient: Matrix,
        records: [Range<Int>],
        keeping kept: Kept,
        on tape: Tape,
        scratch: Arena
    ) -> Matrix {
        let middle = mlpBackward(residualGradient, keeping: kept, on: tape, scratch: scratch)
        let before = tape.kept.matrix(rows: middle.rows, columns: middle.columns)
        scratch.scoped {
            let normed = scratch.matrix(rows: middle.rows, columns: middle.columns)
            let gradient = scratch.matrix(rows: middle.rows, columns: middle.columns)
            attentionOutput.backward(
                kept.attended,
                reduced: kept.reduced.attentionOutput,
                outputGradient: middle,
                inputGradient: gradient,
                on: tape
            )
            attention.backward(
                kept.projections,
                records: records,
                kept: kept.probabilities,
                outputGradient: gradient,
                scratch: scratch
            )
            attentionNorm.output(of: kept.attentionNorm, into: normed)
            projections.backward(
                normed,
                madeFrom: attentionNorm.source(of: kept.attentionNorm),
                reduced: kept.reduced.projections,
                outputGradient: kept.projections,
                inputGradient: gradient,
                on: tape
            )
            attentionNorm.backward(
                outputGradient: gradient,
                keeping: kept.attentionNorm,
                units: tape.units,
                residualGradient: middle,
                inputGradient: before,
                on: tape
            )
        }
        return before
    }

    private func mlpBackward(
        _ residualGradient: Matrix,
        keeping kept: Kept,
        on tape: Tape,
        scratch: Arena
    ) -> Matrix {
        let (rows, width) = (residualGradient.rows, residualGradient.columns)
        let result = tape.kept.matrix(rows: rows, columns: width)
        scratch.scoped {
            let wide = scratch.matrix(rows: rows, columns: 4 * width)
            mlpOutput.backward(
                kept.activated,
                reduced: kept.reduced.mlpOutput,
                outputGradient: residualGradient,
                inputGradient: wide,
                on: tape
            )
            GELU.backward(kept.hidden, outputGradient: wide)
            let normed = scratch.matrix(rows: rows, columns: width)
            let gradient = scratch.matrix(rows: rows, columns: width)
            mlpNorm.output(of: kept.mlpNorm, into: normed)
            mlpInput.backward(
                normed,
                madeFrom: mlpNorm.source(of: kept.mlpNorm),
                reduced: kept.reduced.mlpInput,
                outputGradient: kept.hidden,
                inputGradient: gradient,
                on: tape
            )
            mlpNorm.backward(
                outputGradient: gradient,
                keeping: kept.mlpNorm,
                units: tape.units,
                residualGradient: residualGradient,
                inputGradient: result,
                on: tape
            )
        }
        return result
    }
}
