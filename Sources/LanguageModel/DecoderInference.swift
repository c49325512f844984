import Autograd
import Kernels

/// The forward pass of one batch without a tape: every block reuses the same memory.
struct DecoderInference {
    /// Rows whose logits are in memory at once.
    private static let headRows = 128

    let network: DecoderNetwork
    let batch: TokenBatch
    let scratch: Arena

    init(_ network: DecoderNetwork, _ batch: TokenBatch, scratch: Arena) {
        self.network = network
        self.batch = batch
        self.scratch = scratch
        network.requireFits(batch)
    }

    /// The loss of each unit in nats.
    func unitLosses() -> [Double] {
        var rowLosses: [Double] = []
        forEachRow { row, logits in
            let isPredicted = batch.lossWeights[row] != 0
            rowLosses.append(
                isPredicted
                    ? CrossEntropy.loss(logits: logits, target: Int(batch.targets[row]))
                        * Double(batch.lossWeights[row]) : 0
            )
        }
        return batch.units.map { $0.reduce(0) { $0 + rowLosses[$1] } }
    }

    /// The loss of each row in nats and the likeliest of `candidates` after it, rows with loss only.
    ///
    /// Among equals the first candidate wins.
    func rowPredictions(among candidates: Range<Int>) -> [RowPrediction] {
        var found: [RowPrediction] = []
        forEachRow { row, logits in
            guard batch.lossWeights[row] != 0 else { return }
            let values = logits.values
            var best = candidates.lowerBound
            for token in candidates where values[token] > values[best] { best = token }
            let target = Int(batch.targets[row])
            found.append(
                RowPrediction(
                    loss: CrossEntropy.loss(logits: logits, target: target),
                    likeliest: Int32(best),
                    target: batch.targets[row]
                )
            )
        }
        return found
    }

    /// The logits of every row, [rows, vocabulary].
    func logits() -> [Float] {
        var all: [Float] = []
        forEachRow { _, logits in all += logits.values }
        return all
    }

    /// The final hidden states averaged over each record, [records][width].
    func meanHiddenStates() -> [[Float]] {
        scratch.reset()
        let hidden = hiddenStates()
        let mean = scratch.matrix(rows: 1, columns: hidden.columns)
        return batch.records.map { rows in
            mean.fill(with: 0)
            mean.addColumnSums(of: hidden.rows(rows))
            if !rows.isEmpty { mean.scale(by: 1 / Float(rows.count)) }
            return mean.values
        }
    }

    /// States averaged over the rows of each record but its first, [records][2 · width].
    ///
    /// First those of the residual stream after `depth` blocks, then the final norm's output. A record
    /// of one row has zeros.
    func meanStates(depth: Int) -> [[Float]] {
        scratch.reset()
        let width = network.configuration.width
        let means = batch.records.map { _ in scratch.matrix(rows: 1, columns: 2 * width) }
        func average(_ states: Matrix, into columns: Range<Int>) {
            for (mean, rows) in zip(means, batch.records) {
                let part = mean.columns(columns)
                part.fill(with: 0)
                let read = rows.dropFirst()
                guard !read.isEmpty else { continue }
                part.addColumnSums(of: states.rows(read.startIndex..<read.endIndex))
                part.scale(by: 1 / Float(read.count))
            }
        }
        let hidden = hiddenStates { done, residual in
            if done == depth { average(residual, into: 0..<width) }
        }
        average(hidden, into: width..<2 * width)
        return means.map(\.values)
    }

    private func forEachRow(_ body: (Int, Matrix) -> Void) {
        scratch.reset()
        let hidden = hiddenStates()
        let memory = scratch.matrix(
            rows: min(Self.headRows, hidden.rows),
            columns: network.configuration.vocabularySize
        )
        for start in stride(from: 0, to: hidden.rows, by: Self.headRows) {
            let rows = start..<min(start + Self.headRows, hidden.rows)
            let logits = memory.rows(0..<rows.count)
            network.head.forward(hidden.rows(rows), into: logits)
            for row in rows { body(row, logits.rows(row - start..<row - start + 1)) }
        }
    }

    /// The final norm's output, [rows, width]; `observe` gets the residual stream after so many blocks.
    private func hiddenStates(_ observe: (Int, Matrix) -> Void = { _, _ in }) -> Matrix {
        let (rows, width) = (batch.rowCount, network.configuration.width)
        let result = scratch.matrix(rows: rows, columns: width)
        scratch.scoped {
            let residual = scratch.matrix(rows: rows, columns: width)
            network.embedding.forward(
                tokenIDs: batch.tokens,
                positionIDs: batch.positions,
                into: residual
            )
            let attentionRows = network.attentionRows(of: batch, from: scratch)
            for (layer, block) in network.blocks.enumerated() {
                scratch.scoped {
                    let kept = DecoderBlock.Kept(block, records: batch.records, from: scratch)
                    block.forward(residual, rows: attentionRows, keeping: kept, scratch: scratch)
                }
                observe(layer + 1, residual)
            }
            let kept = Normalization.Kept(rows: rows, width: width, from: scratch)
            network.finalNorm.forward(residual, keeping: kept, into: result)
        }
        return result
    }
}
