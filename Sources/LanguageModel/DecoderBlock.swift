import Autograd
import Kernels

/// One pre-norm transformer block: x += attention(norm(x)), then x += MLP(norm(x)).
struct DecoderBlock: Sendable {
    let attentionNorm: Normalization
    let projections: Linear
    let attention: Attention
    let attentionOutput: Linear
    let mlpNorm: Normalization
    let mlpInput: Linear
    /// How one half of the MLP's input gates the other; nil for GELU of a single one.
    let gate: GatedActivation?
    let mlpOutput: Linear

    /// What the forward pass keeps of one shard, about 14 · width floats a row.
    struct Kept {
        let attentionNorm: Normalization.Kept
        /// Queries, keys and values, [rows, projection width]; their gradients in the end.
        let projections: Matrix
        let attention: Attention.Kept
        let attended: Matrix
        let mlpNorm: Normalization.Kept
        /// Before the activation, [rows, hidden width]; its gradient in the end.
        let hidden: Matrix
        /// After the activation, [rows, inner width].
        let activated: Matrix
        /// What the adapters of the four linear layers keep, [rows, rank].
        let reduced: Reduced

        init(_ block: DecoderBlock, records: [Range<Int>], from arena: Arena) {
            let rows = records.last?.upperBound ?? 0
            let width = block.attentionOutput.weight.value.columns
            attentionNorm = Normalization.Kept(rows: rows, width: width, from: arena)
            projections = arena.matrix(rows: rows, columns: block.attention.projectionWidth)
            attention = block.attention.kept(records: records, from: arena)
            attended = arena.matrix(rows: rows, columns: block.attentionOutput.weight.value.rows)
            mlpNorm = Normalization.Kept(rows: rows, width: width, from: arena)
            hidden = arena.matrix(rows: rows, columns: block.mlpInput.weight.value.columns)
            activated = arena.matrix(rows: rows, columns: block.mlpOutput.weight.value.rows)
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
    func forward(_ residual: Matrix, rows: Attention.Rows, keeping kept: Kept, scratch: Arena) {
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
                rows: rows,
                keeping: kept.attention,
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
            if let gate {
                gate.forward(kept.hidden, into: kept.activated)
            } else {
                GELU.forward(kept.hidden, into: kept.activated)
            }
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
        rows: Attention.Rows,
        keeping kept: Kept,
        on tape: Tape,
        scratch: Arena
    ) -> Matrix {
        let middle = mlpBackward(residualGradient, keeping: kept, on: tape, scratch: scratch)
        let before = tape.kept.matrix(rows: middle.rows, columns: middle.columns)
        scratch.scoped {
            let normed = scratch.matrix(rows: middle.rows, columns: middle.columns)
            let gradient = scratch.matrix(rows: middle.rows, columns: middle.columns)
            let attended = scratch.matrix(rows: middle.rows, columns: kept.attended.columns)
            attentionOutput.backward(
                kept.attended,
                reduced: kept.reduced.attentionOutput,
                outputGradient: middle,
                inputGradient: attended,
                on: tape
            )
            attention.backward(
                kept.projections,
                rows: rows,
                kept: kept.attention,
                outputGradient: attended,
                on: tape
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
            let wide = scratch.matrix(rows: rows, columns: kept.activated.columns)
            mlpOutput.backward(
                kept.activated,
                reduced: kept.reduced.mlpOutput,
                outputGradient: residualGradient,
                inputGradient: wide,
                on: tape
            )
            if let gate {
                gate.backward(kept.hidden, outputGradient: wide)
            } else {
                GELU.backward(kept.hidden, outputGradient: wide)
            }
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
