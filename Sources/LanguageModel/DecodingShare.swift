import Kernels

/// Some runs of a decoding pass, computed by a team that meets after every product.
struct DecodingShare: Sendable {
    let memory: DecodingMemory
    let runs: [TokenRun]
    let cache: KeyValueCache
    let decisive: PredictionHead.Decisive?
    let team: ParallelFor
    /// Scratch for attention, a row a worker.
    let weights: FloatBuffer

    /// Feeds the runs; `firstWorker` is the place of the team's first worker among all.
    func run(_ firstWorker: Int, _ draw: @Sendable (Int, Matrix) -> Int32) -> [Int32] {
        guard let first = runs.first, let last = runs.last else { return [] }
        let rows = first.rows.lowerBound..<last.rows.upperBound
        embed()
        for (layer, block) in memory.model.blocks.enumerated() {
            normalize(memory.residual, block.attentionNorm, rows)
            multiply(memory.normalized, by: block.attention, .store, into: memory.projections, rows)
            turn(block, rows)
            attend(layer, firstWorker)
            multiply(memory.attended, by: block.attentionOutput, .add, into: memory.residual, rows)
            normalize(memory.residual, block.feedForwardNorm, rows)
            feedForward(block.feedForward, rows)
            multiply(memory.inner, by: block.feedForwardOutput, .add, into: memory.residual, rows)
        }
        return predict(first: rows.lowerBound, draw)
    }

    /// Sets residual = token embedding + position embedding, and the angles of rotary positions.
    private func embed() {
        for run in runs {
            for (index, token) in run.tokens.enumerated() {
                let row = run.firstRow + index..<run.firstRow + index + 1
                let position = run.firstPosition + index
                let target = memory.residual.rows(row)
                target.copy(from: memory.model.tokenEmbedding.rows(Int(token)..<Int(token) + 1))
                if let table = memory.model.positionEmbedding {
                    target.add(table.rows(position..<position + 1))
                }
                guard let angles = memory.angles, let frequencies = memory.model.frequencies else {
                    continue
                }
                Rotation.fill(
                    angles.rows(row),
                    positions: [Int32(position)],
                    frequencies: frequencies
                )
            }
        }
    }

    /// Rows of `input` times a layer's weights.
    private func multiply(
        _ input: Matrix,
        by layer: PackedDecoder.Layer,
        _ finish: PackedMatrix.Finish,
        into output: Matrix,
        _ rows: Range<Int>
    ) {
        layer.weight.multiply(
            input.rows(rows),
            bias: layer.bias,
            finish,
            into: output.rows(rows),
            parallel: team
        )
    }

    /// The MLP's input layer and its activation, into `inner`.
    private func feedForward(_ layer: PackedDecoder.Layer, _ rows: Range<Int>) {
        guard let hidden = memory.hidden, let gate = memory.model.configuration.activation.gate
        else { return multiply(memory.normalized, by: layer, .gelu, into: memory.inner, rows) }
        multiply(memory.normalized, by: layer, .store, into: hidden, rows)
        inParts(of: rows) { gate.forward(hidden.rows($0), into: memory.inner.rows($0)) }
    }

    /// Normalisation into `normalized`; uses `scratch`.
    private func normalize(_ input: Matrix, _ norm: PackedDecoder.Norm, _ rows: Range<Int>) {
        inParts(of: rows) { part in
            norm.apply(
                to: input.rows(part),
                normalized: memory.scratch.rows(part),
                inverses: memory.deviations.rows(part),
                into: memory.normalized.rows(part)
            )
        }
    }

    /// Normalises each head's queries and keys and turns them by their positions, where the model does.
    private func turn(_ block: PackedDecoder.Block, _ rows: Range<Int>) {
        let shape = memory.model.configuration
        guard memory.angles != nil || memory.heads != nil else { return }
        let (queries, keys) = (
            0..<shape.queryWidth, shape.queryWidth..<shape.queryWidth + shape.keyWidth
        )
        inParts(of: rows) { part in
            for row in part {
                normalizeHeads(queries, block.queryNorm, row)
                normalizeHeads(keys, block.keyNorm, row)
            }
            guard let angles = memory.angles else { return }
            Rotation.turn(
                memory.projections.rows(part).columns(0..<keys.upperBound),
                angles: angles.rows(part)
            )
        }
    }

    private func normalizeHeads(_ columns: Range<Int>, _ norm: PackedDecoder.Norm?, _ row: Int) {
        guard let norm, let heads = memory.heads?.rows(row..<row + 1) else { return }
        let width = memory.model.configuration.headWidth
        let values = memory.projections.rows(row..<row + 1).columns(columns)
        let (count, room) = (columns.count / width, memory.model.configuration.queryWidth)
        let output = heads.columns(room..<room + columns.count)
        norm.apply(
            to: values.reshaped(columns: width),
            normalized: heads.columns(0..<columns.count).reshaped(columns: width),
            inverses: heads.columns(2 * room..<2 * room + count).reshaped(columns: 1),
            into: output.reshaped(columns: width)
        )
        values.copy(from: output)
    }

    /// Attention of every row, the runs' tokens in order, into `attended`.
    private func attend(_ layer: Int, _ firstWorker: Int) {
        let shape = memory.model.configuration
        let heads = shape.sharedHeadCount
        // With few sequences the heads are shared out, with many the sequences.
        let headsPerItem = runs.count >= 4 * team.threadCount ? heads : 1
        let itemsPerRun = heads / headsPerItem
        team(runs.count * itemsPerRun) { item, worker in
            let run = runs[item / itemsPerRun]
            let firstHead = item % itemsPerRun * headsPerItem
            let weights = Matrix(
                weights,
                offset: (firstWorker + worker) * cache.capacity,
                rows: 1,
                columns: cache.capacity
            )
            for (index, row) in run.rows.enumerated() {
                CachedAttention.attend(
                    memory.projections.rows(row..<row + 1),
                    keys: cache.keys(layer: layer, slot: run.slot),
                    values: cache.values(layer: layer, slot: run.slot),
                    position: run.firstPosition + index,
                    heads: firstHead..<firstHead + headsPerItem,
                    headWidth: shape.headWidth,
                    weights: weights,
                    into: memory.attended.rows(row..<row + 1)
                )
            }
        }
    }

    /// The tokens after the runs that want them; their rows are gathered from `first` on.
    private func predict(first: Int, _ draw: @Sendable (Int, Matrix) -> Int32) -> [Int32] {
        let wanted = runs.filter { $0.logitsRow != nil }
        guard let firstLogits = wanted.first?.logitsRow else { return [] }
        for (index, run) in wanted.enumerated() {
            let row = run.rows.upperBound - 1
            guard row != first + index else { continue }
            memory.residual.rows(first + index..<first + index + 1)
                .copy(from: memory.residual.rows(row..<row + 1))
        }
        let rows = first..<first + wanted.count
        normalize(memory.residual, memory.model.finalNorm, rows)
        let places = firstLogits..<firstLogits + wanted.count
        let logits = memory.logits.rows(places)
        memory.model.head.predict(
            memory.normalized.rows(rows),
            decisive,
            into: logits,
            scratch: memory.bounds?.rows(places),
            parallel: team
        )
        return team.map(wanted.count) { index, _ in
            draw(firstLogits + index, logits.rows(index..<index + 1))
        }
    }

    /// Shares many rows out over the team; a row's result does not depend on it.
    private func inParts(of rows: Range<Int>, _ body: @Sendable (Range<Int>) -> Void) {
        let (first, pieces) = (rows.lowerBound, rows.count < 8 ? 1 : team.threadCount)
        team(pieces) { piece, _ in
            body(
                first + rows.count * piece / pieces..<first + rows.count * (piece + 1) / pieces
            )
        }
    }
}

extension PackedDecoder.Norm {
    /// output = the normalised rows of `input`; `normalized`, as large, and `inverses`, one a row, are
    /// overwritten.
    fileprivate func apply(
        to input: Matrix,
        normalized: Matrix,
        inverses: Matrix,
        into output: Matrix
    ) {
        if let shift {
            LayerNorm.forward(
                input,
                scale: scale,
                shift: shift,
                epsilon: epsilon,
                normalized: normalized,
                inverseDeviation: inverses,
                output: output
            )
        } else {
            RMSNorm.forward(
                input,
                scale: scale,
                epsilon: epsilon,
                normalized: normalized,
                inverseRoot: inverses,
                output: output
            )
        }
    }
}
