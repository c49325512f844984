import Kernels

/// Consecutive tokens of one sequence, fed to the model together.
struct TokenRun: Sendable {
    /// The sequence's slot in the cache.
    let slot: Int
    /// The position of the first token.
    let firstPosition: Int
    /// The tokens.
    let tokens: [Int32]
    /// The first token's row in the pass; runs follow one another.
    let firstRow: Int
    /// The row of logits that the last token's prediction goes to, if it is wanted.
    let logitsRow: Int?

    /// The rows of the tokens.
    var rows: Range<Int> { firstRow..<firstRow + tokens.count }
}

/// GPT-2's forward pass over new tokens, the ones before them in a cache.
///
/// Each row's result depends on its own sequence alone, to the last bit: rows are never summed
/// over, and every kernel treats a row alike wherever it stands.
struct DecodingPass: Sendable {
    private let model: PackedGPT2
    private let rowLimit: Int
    private let parallel: ParallelFor
    private let residual: Matrix
    private let normalized: Matrix
    private let scratch: Matrix
    private let deviations: Matrix
    private let projections: Matrix
    private let inner: Matrix
    /// [sequences, vocabulary].
    private let logits: Matrix
    /// As many, if the head is screened.
    private let bounds: Matrix?

    /// Allocates memory for `rowLimit` tokens and `sequenceLimit` predictions at once.
    init(_ model: PackedGPT2, rowLimit: Int, sequenceLimit: Int, parallel: ParallelFor) {
        self.model = model
        self.rowLimit = rowLimit
        self.parallel = parallel
        let width = model.configuration.width
        func matrix(_ rows: Int, _ columns: Int) -> Matrix {
            Matrix(FloatBuffer(count: rows * columns), rows: rows, columns: columns)
        }
        residual = matrix(rowLimit, width)
        normalized = matrix(rowLimit, width)
        scratch = matrix(rowLimit, width)
        deviations = matrix(rowLimit, 1)
        projections = matrix(rowLimit, 3 * width)
        inner = matrix(rowLimit, 4 * width)
        logits = matrix(sequenceLimit, model.configuration.vocabularySize)
        bounds = model.head.isScreened ? matrix(sequenceLimit, logits.columns) : nil
    }

    /// Feeds the runs, stores their keys and values in the cache, and draws what follows them.
    ///
    /// - Parameters:
    ///   - runs: What to feed.
    ///   - cache: Holds what was fed before.
    ///   - decisive: Which logits `draw` depends on; all if nil.
    ///   - draw: Draws a token from the logits of a prediction, [1, vocabulary], which it may
    ///     overwrite; gets the prediction's place among those wanted. Called by several workers.
    /// - Returns: One token for each run that wants a prediction, in the order of the runs.
    func run(
        _ runs: [TokenRun],
        cache: KeyValueCache,
        decisive: PredictionHead.Decisive? = nil,
        draw: @Sendable (_ place: Int, _ logits: Matrix) -> Int32
    ) -> [Int32] {
        let weights = FloatBuffer(count: parallel.threadCount * cache.capacity)
        let workers = parallel.threadCount
        guard model.suitsLoneWorkers && runs.count >= 2 * workers else {
            return Share(
                pass: self,
                runs: runs,
                cache: cache,
                decisive: decisive,
                team: parallel,
                weights: weights
            ).run(0, draw)
        }
        return parallel.map(workers) { item, _ in
            let share = runs[runs.count * item / workers..<runs.count * (item + 1) / workers]
            return Share(
                pass: self,
                runs: Array(share),
                cache: cache,
                decisive: decisive,
                team: ParallelFor(threadCount: 1),
                weights: weights
            ).run(item, draw)
        }.flatMap(\.self)
    }

    /// Some runs, computed by a team that meets after every product.
    private struct Share: Sendable {
        let pass: DecodingPass
        let runs: [TokenRun]
        let cache: KeyValueCache
        let decisive: PredictionHead.Decisive?
        let team: ParallelFor
        let weights: FloatBuffer

        func run(_ firstWorker: Int, _ draw: @Sendable (Int, Matrix) -> Int32) -> [Int32] {
            guard let first = runs.first, let last = runs.last else { return [] }
            let rows = first.rows.lowerBound..<last.rows.upperBound
            embed()
            let residual = pass.residual.rows(rows)
            let normalized = pass.normalized.rows(rows)
            let projections = pass.projections.rows(rows)
            let inner = pass.inner.rows(rows)
            for (layer, block) in pass.model.blocks.enumerated() {
                normalize(pass.residual, block.attentionNorm, rows)
                block.attention.weight.multiply(
                    normalized,
                    bias: block.attention.bias,
                    into: projections,
                    parallel: team
                )
                attend(layer, firstWorker)
                block.attentionOutput.weight.multiply(
                    pass.scratch.rows(rows),
                    bias: block.attentionOutput.bias,
                    .add,
                    into: residual,
                    parallel: team
                )
                normalize(pass.residual, block.feedForwardNorm, rows)
                block.feedForward.weight.multiply(
                    normalized,
                    bias: block.feedForward.bias,
                    .gelu,
                    into: inner,
                    parallel: team
                )
                block.feedForwardOutput.weight.multiply(
                    inner,
                    bias: block.feedForwardOutput.bias,
                    .add,
                    into: residual,
                    parallel: team
                )
            }
            return predict(first: rows.lowerBound, draw)
        }

        /// Sets residual = token embedding + position embedding.
        private func embed() {
            for run in runs {
                for (index, token) in run.tokens.enumerated() {
                    let row = pass.residual.rows(run.firstRow + index..<run.firstRow + index + 1)
                    let position = run.firstPosition + index
                    row.copy(from: pass.model.tokenEmbedding.rows(Int(token)..<Int(token) + 1))
                    row.add(pass.model.positionEmbedding.rows(position..<position + 1))
                }
            }
        }

        /// Layer normalisation into `normalized`; uses `scratch`.
        private func normalize(
            _ input: Matrix,
            _ norm: (scale: Matrix, shift: Matrix),
            _ rows: Range<Int>
        ) {
            let pieces = rows.count < 8 ? 1 : team.threadCount
            team(pieces) { piece, _ in
                let part =
                    rows.lowerBound + rows.count * piece / pieces..<rows.lowerBound + rows.count
                    * (piece + 1) / pieces
                LayerNorm.forward(
                    input.rows(part),
                    scale: norm.scale,
                    shift: norm.shift,
                    epsilon: pass.model.configuration.layerNormEpsilon,
                    normalized: pass.scratch.rows(part),
                    inverseDeviation: pass.deviations.rows(part),
                    output: pass.normalized.rows(part)
                )
            }
        }

        /// Attention of every row, the runs' tokens in order, into `scratch`.
        private func attend(_ layer: Int, _ firstWorker: Int) {
            let heads = pass.model.configuration.headCount
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
                        pass.projections.rows(row..<row + 1),
                        keys: cache.keys(layer: layer, slot: run.slot),
                        values: cache.values(layer: layer, slot: run.slot),
                        position: run.firstPosition + index,
                        heads: firstHead..<firstHead + headsPerItem,
                        headWidth: pass.model.configuration.headWidth,
                        weights: weights,
                        into: pass.scratch.rows(row..<row + 1)
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
                pass.residual.rows(first + index..<first + index + 1)
                    .copy(from: pass.residual.rows(row..<row + 1))
            }
            let rows = first..<first + wanted.count
            normalize(pass.residual, pass.model.finalNorm, rows)
            let places = firstLogits..<firstLogits + wanted.count
            let logits = pass.logits.rows(places)
            pass.model.head.predict(
                pass.normalized.rows(rows),
                decisive,
                into: logits,
                scratch: pass.bounds?.rows(places),
                parallel: team
            )
            return team.map(wanted.count) { index, _ in
                draw(firstLogits + index, logits.rows(index..<index + 1))
            }
        }
    }
}
