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

/// The forward pass over new tokens, the ones before them in a cache.
///
/// Each row's result depends on its own sequence alone, to the last bit: rows are never summed
/// over, and every kernel treats a row alike wherever it stands.
struct DecodingPass: Sendable {
    private let memory: DecodingMemory
    private let parallel: ParallelFor

    /// Allocates memory for `rowLimit` tokens and `sequenceLimit` predictions at once.
    init(_ model: PackedDecoder, rowLimit: Int, sequenceLimit: Int, parallel: ParallelFor) {
        memory = DecodingMemory(model, rowLimit: rowLimit, sequenceLimit: sequenceLimit)
        self.parallel = parallel
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
        guard memory.model.suitsLoneWorkers && runs.count >= 2 * workers else {
            return DecodingShare(
                memory: memory,
                runs: runs,
                cache: cache,
                decisive: decisive,
                team: parallel,
                weights: weights
            ).run(0, draw)
        }
        return parallel.map(workers) { item, _ in
            let share = runs[runs.count * item / workers..<runs.count * (item + 1) / workers]
            return DecodingShare(
                memory: memory,
                runs: Array(share),
                cache: cache,
                decisive: decisive,
                team: ParallelFor(threadCount: 1),
                weights: weights
            ).run(item, draw)
        }.flatMap(\.self)
    }
}

/// What a decoding pass works in.
struct DecodingMemory: Sendable {
    let model: PackedDecoder
    /// [rows, width] each.
    let residual, normalized, scratch: Matrix
    /// [rows, 1].
    let deviations: Matrix
    /// Queries, keys and values, [rows, projection width].
    let projections: Matrix
    /// By what queries and keys are turned, [rows, head width], if positions are rotary.
    let angles: Matrix?
    /// Two rows of queries a row and a root a head, if heads are normalised.
    let heads: Matrix?
    /// [rows, width of queries].
    let attended: Matrix
    /// Gate and up, [rows, hidden width], of a gated MLP.
    let hidden: Matrix?
    /// [rows, inner width].
    let inner: Matrix
    /// [sequences, vocabulary].
    let logits: Matrix
    /// As many, if the head is screened.
    let bounds: Matrix?

    init(_ model: PackedDecoder, rowLimit: Int, sequenceLimit: Int) {
        let shape = model.configuration
        func matrix(_ columns: Int) -> Matrix {
            Matrix(FloatBuffer(count: rowLimit * columns), rows: rowLimit, columns: columns)
        }
        func predictions() -> Matrix {
            let columns = shape.vocabularySize
            let buffer = FloatBuffer(count: sequenceLimit * columns)
            return Matrix(buffer, rows: sequenceLimit, columns: columns)
        }
        self.model = model
        residual = matrix(shape.width)
        normalized = matrix(shape.width)
        scratch = matrix(shape.width)
        deviations = matrix(1)
        projections = matrix(shape.projectionWidth)
        angles = model.frequencies.map { _ in matrix(shape.headWidth) }
        heads = shape.hasHeadNorms ? matrix(2 * shape.queryWidth + shape.headCount) : nil
        attended = matrix(shape.queryWidth)
        hidden = shape.activation.isGated ? matrix(shape.hiddenWidth) : nil
        inner = matrix(shape.innerWidth)
        logits = predictions()
        bounds = model.head.isScreened ? predictions() : nil
    }
}
