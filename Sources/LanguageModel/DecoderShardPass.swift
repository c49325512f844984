import Autograd
import Kernels

/// Forward and backward pass of one shard on one thread.
struct DecoderShardPass {
    let network: DecoderNetwork
    let batch: TokenBatch
    let tape: Tape
    let scratch: Arena

    /// Rows that predict with loss, and the rows of each unit among them.
    private let predicting: [Int]
    private let predictingUnits: [Range<Int>]

    init(_ network: DecoderNetwork, _ batch: TokenBatch, tape: Tape, scratch: Arena) {
        self.network = network
        self.batch = batch
        self.tape = tape
        self.scratch = scratch
        predicting = batch.lossWeights.indices.filter { batch.lossWeights[$0] != 0 }
        var start = 0
        predictingUnits = batch.units.map { rows in
            let count = rows.reduce(0) { $0 + (batch.lossWeights[$1] != 0 ? 1 : 0) }
            defer { start += count }
            return start..<start + count
        }
    }

    /// Runs both passes and returns the loss of each unit in nats, [units].
    ///
    /// Afterwards the tape holds every gradient term and, by its purpose, the squared norms.
    func run(purpose: Tape.Purpose) -> [Double] {
        network.requireFits(batch)
        scratch.reset()
        tape.begin(units: batch.units, purpose: purpose, scratch: scratch)
        let rows = network.attentionRows(of: batch, from: scratch)
        let (kept, residual) = forward(rows)
        let (losses, gradient) = headPass(residual)
        backward(gradient, kept, rows)
        return losses
    }

    private func forward(_ rows: Attention.Rows) -> ([DecoderBlock.Kept], Matrix) {
        let residual = scratch.matrix(
            rows: batch.rowCount,
            columns: network.configuration.width
        )
        network.embedding.forward(
            tokenIDs: batch.tokens,
            positionIDs: batch.positions,
            into: residual
        )
        let kept = network.blocks.map { block in
            let kept = DecoderBlock.Kept(block, records: batch.records, from: tape.kept)
            block.forward(residual, rows: rows, keeping: kept, scratch: scratch)
            return kept
        }
        return (kept, residual)
    }

    /// Final norm, logits and loss of the predicting rows, and the way back to the residual stream.
    private func headPass(_ residual: Matrix) -> ([Double], Matrix) {
        let (rows, width) = (predicting.count, residual.columns)
        let keptNorm = Normalization.Kept(rows: rows, width: width, from: tape.kept)
        let normed = tape.kept.matrix(rows: rows, columns: width)
        let result = tape.kept.matrix(rows: residual.rows, columns: width)
        let losses = scratch.scoped {
            // Only a trained head's term outlives this pass.
            let logits = (network.head.isTrained ? tape.kept : scratch).matrix(
                rows: rows,
                columns: network.configuration.vocabularySize
            )
            let selected = scratch.matrix(rows: rows, columns: width)
            let gradient = scratch.matrix(rows: rows, columns: width)
            selected.gather(predicting, from: residual)
            network.finalNorm.forward(selected, keeping: keptNorm, into: normed)
            network.head.forward(normed, into: logits)
            let losses = network.head.losses(
                logits: logits,
                targets: predicting.map { batch.targets[$0] },
                weights: predicting.map { batch.lossWeights[$0] }
            )
            network.head.backward(
                normed,
                logitGradient: logits,
                units: predictingUnits,
                inputGradient: gradient,
                on: tape
            )
            network.finalNorm.backward(
                outputGradient: gradient,
                keeping: keptNorm,
                units: predictingUnits,
                residualGradient: nil,
                inputGradient: selected,
                on: tape
            )
            result.fill(with: 0)
            result.scatter(selected, to: predicting)
            return losses
        }
        return (unitLosses(losses), result)
    }

    private func backward(
        _ headGradient: Matrix,
        _ kept: [DecoderBlock.Kept],
        _ rows: Attention.Rows
    ) {
        var gradient = headGradient
        for (block, kept) in zip(network.blocks, kept).reversed() {
            gradient = block.backward(
                gradient,
                rows: rows,
                keeping: kept,
                on: tape,
                scratch: scratch
            )
        }
        network.embedding.backward(
            tokenIDs: batch.tokens,
            positionIDs: batch.positions,
            outputGradient: gradient,
            on: tape
        )
    }

    private func unitLosses(_ losses: [Double]) -> [Double] {
        predictingUnits.map { rows in
            rows.reduce(0) { $0 + Double(batch.lossWeights[predicting[$1]]) * losses[$1] }
        }
    }
}
