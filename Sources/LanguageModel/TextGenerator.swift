package import Kernels

/// Generates many texts together, keeping the batch full.
///
/// - Requests are pulled one by one as room becomes free, so memory does not grow with their
///   number.
/// - A text depends on its prompt, options and generator alone: not on the batch size, the number
///   of threads or the texts beside it, to the last bit.
///
/// Cost per token and sequence: one forward pass of one row, attention over its own context.
package struct TextGenerator: Sendable {
    /// Stands for a token that could not be drawn.
    private static let noToken: Int32 = -1

    private let model: PackedDecoder
    private let batchSize: Int
    private let parallel: ParallelFor
    /// Tokens that one pass takes at most; prompts are fed in pieces of it.
    private var rowLimit: Int { max(batchSize, 256) }

    /// Packs the parameters for generation, which takes as much memory again; of a large model for
    /// few texts the embedding's once more by half.
    ///
    /// - Parameters:
    ///   - parameters: The model; must stay as it is.
    ///   - batchSize: Texts generated at once, at least 1; without it 64, of a small model 64 a worker.
    ///   - textCount: Most texts that will be asked for, at least 1, if that is known.
    ///   - parallel: The threads to use; nothing depends on them.
    package init(
        _ parameters: DecoderParameters,
        batchSize: Int? = nil,
        textCount: Int = .max,
        parallel: ParallelFor
    ) {
        let isLarge = PackedDecoder.isLarge(parameters)
        let most = min(batchSize ?? 64 * (isLarge ? 1 : parallel.threadCount), textCount)
        self.init(
            PackedDecoder(
                parameters,
                isScreened: isLarge && most <= ScreenedMatrix.rowLimit,
                parallel: parallel
            ),
            batchSize: most,
            parallel: parallel
        )
    }

    init(_ model: PackedDecoder, batchSize: Int, parallel: ParallelFor) {
        precondition(batchSize >= 1, "batchSize must be at least 1")
        self.model = model
        self.batchSize = batchSize
        self.parallel = parallel
    }

    /// Generates a text for every request, in the order in which they finish.
    ///
    /// A prompt longer than the context keeps its last tokens. A text ends when the context is
    /// full.
    ///
    /// - Parameters:
    ///   - options: How tokens are drawn.
    ///   - next: The next request, or nil if there is none now; it is asked again whenever a text
    ///     has finished, until nothing is left to do.
    ///   - drawn: Gets each token of a text as soon as it is drawn, with the request's id; false ends
    ///     that text with it. May throw to stop.
    ///   - finished: Gets each text; may throw to stop.
    /// - Throws: What `next`, `drawn` or `finished` throws; `GenerationError` for logits that no token can
    ///   be drawn by.
    package func generate<Generator: RandomNumberGenerator & Sendable>(
        _ options: SamplingOptions,
        next: () throws -> GenerationRequest<Generator>?,
        drawn: (_ id: Int, _ token: Int32) throws -> Bool = { _, _ in true },
        finished: (GeneratedTokens) throws -> Void
    ) throws {
        let sampler = TokenSampler(options: options)
        let decisive = sampler.decisiveLogits(of: model.configuration)
        let pass = DecodingPass(
            model,
            rowLimit: rowLimit,
            sequenceLimit: batchSize,
            parallel: parallel
        )
        var cache = KeyValueCache(model.configuration, slotCount: batchSize, positions: 1)
        var slots = [ActiveText<Generator>?](repeating: nil, count: batchSize)
        while true {
            for slot in slots.indices where slots[slot] == nil {
                guard let request = try next() else { break }
                slots[slot] = ActiveText(request, options, model.configuration)
            }
            let needed = slots.reduce(0) { max($0, $1?.neededPositions ?? 0) }
            guard needed > 0 else { return }
            if needed > cache.capacity {
                // Some more than needed, so that slowly growing prompts do not copy every time.
                let room = min(
                    max(needed, cache.capacity * 5 / 4),
                    model.configuration.contextLength
                )
                cache = cache.grown(to: room, model.configuration)
            }
            let runs = plan(&slots)
            let predicted = runs.filter { $0.logitsRow != nil }.map(\.slot)
            let uniforms = predicted.map {
                sampler.isRandom ? slots[$0]?.nextUniform() ?? 0 : 0
            }
            let tokens = pass.run(runs, cache: cache, decisive: decisive) { place, logits in
                guard sampler.canDraw(from: logits) else { return Self.noToken }
                return sampler.token(for: logits, uniform: uniforms[place])
            }
            guard !tokens.contains(Self.noToken) else { throw GenerationError.logitsNotFinite }
            for (slot, token) in zip(predicted, tokens) {
                if slots[slot]?.append(token) == true, let id = slots[slot]?.request.id,
                    try !drawn(id, token)
                {
                    slots[slot]?.stop()
                }
                guard let ending = slots[slot]?.ending, let text = slots[slot] else { continue }
                slots[slot] = nil
                try finished(
                    GeneratedTokens(id: text.request.id, tokens: text.tokens, ending: ending)
                )
            }
        }
    }

    /// Generates the texts of some prompts and returns their tokens in the prompts' order.
    package func generate<Generator: RandomNumberGenerator & Sendable>(
        _ prompts: [[Int32]],
        _ options: SamplingOptions,
        generator: (Int) -> Generator
    ) throws -> [[Int32]] {
        var texts = [[Int32]](repeating: [], count: prompts.count)
        var following = 0
        try generate(options) { () -> GenerationRequest<Generator>? in
            guard following < prompts.count else { return nil }
            defer { following += 1 }
            return GenerationRequest(
                id: following,
                prompt: prompts[following],
                generator: generator(following)
            )
        } finished: { text in
            texts[text.id] = text.tokens
        }
        return texts
    }

    /// What each sequence feeds next: its last token, or as much of its prompt as there is room.
    private func plan<Generator>(_ slots: inout [ActiveText<Generator>?]) -> [TokenRun] {
        var room = rowLimit - slots.count { $0 != nil }
        var runs: [TokenRun] = []
        var (row, logitsRow) = (0, 0)
        for slot in slots.indices {
            guard let first = slots[slot]?.fedCount,
                let (tokens, isComplete) = slots[slot]?.takePending(atMost: 1 + room)
            else { continue }
            room -= tokens.count - 1
            runs.append(
                TokenRun(
                    slot: slot,
                    firstPosition: first,
                    tokens: tokens,
                    firstRow: row,
                    logitsRow: isComplete ? logitsRow : nil
                )
            )
            row += tokens.count
            if isComplete { logitsRow += 1 }
        }
        return runs
    }
}
