import Autograd
import Kernels
import Synchronization
import TestData
import Testing

@testable import LanguageModel

@Suite struct GenerationTests {
    private static let prompts: [[Int32]] = (0..<23).map { (index: Int) -> [Int32] in
        let length = 1 + index % 7
        return (0..<length).map { (place: Int) -> Int32 in Int32((index * 5 + place * 3) % 13) }
    }

    private static func texts(
        batchSize: Int,
        threads: Int,
        _ options: SamplingOptions,
        context: Int = 32
    ) throws -> [[Int32]] {
        let generator = TextGenerator(
            SmallModels.parameters(context: context, width: 24, heads: 3),
            batchSize: batchSize,
            parallel: ParallelFor(threadCount: threads)
        )
        return try generator.generate(prompts, options) { SeededGenerator(seed: UInt64($0)) }
    }

    @Test(
        arguments: [
            SamplingOptions(maximumNewTokens: 20, endOfText: 3),
            SamplingOptions(
                temperature: 0.7,
                topK: 0,
                topP: 1,
                maximumNewTokens: 20,
                endOfText: 3
            ),
            SamplingOptions(
                temperature: 1.3,
                topK: 5,
                topP: 0.8,
                maximumNewTokens: 20,
                endOfText: nil
            ),
        ])
    func textsDependOnNeitherBatchSizeNorThreads(options: SamplingOptions) throws {
        let expected = try Self.texts(batchSize: 1, threads: 1, options)
        #expect(Set(expected).count > 10)
        for (batchSize, threads) in [(2, 1), (5, 2), (64, 1), (64, 2), (64, 3)] {
            #expect(try Self.texts(batchSize: batchSize, threads: threads, options) == expected)
        }
    }

    @Test func everyEndingEndsAText() throws {
        let greedy = SamplingOptions(temperature: 0, maximumNewTokens: 12, endOfText: nil)
        let texts = try Self.texts(batchSize: 4, threads: 1, greedy)
        for ending in Set(texts.flatMap { $0 }) {
            var options = greedy
            options.otherEndings = [12, ending]
            let cut = try Self.texts(batchSize: 4, threads: 1, options)
            for (whole, part) in zip(texts, cut) {
                #expect(part == Array(whole.prefix { $0 != ending && $0 != 12 }))
            }
        }
    }

    @Test(arguments: [Float.infinity, -Float.infinity, Float.nan, 3e38])
    func logitsThatAreNotFiniteAreAnError(value: Float) {
        let parameters = SmallModels.parameters()
        for index in parameters.layout["ln_f.weight"]?.range ?? 0..<0 {
            parameters.values[index] = value
        }
        let generator = TextGenerator(parameters, parallel: ParallelFor(threadCount: 1))
        for temperature in [Float(0), 1] {
            let options = SamplingOptions(
                temperature: temperature,
                maximumNewTokens: 4,
                endOfText: nil
            )
            #expect(throws: GenerationError.logitsNotFinite) {
                try generator.generate([[1, 2], [3]], options) { SeededGenerator(seed: UInt64($0)) }
            }
        }
    }

    /// 1/T overflows for the smallest temperatures; they take the likeliest token.
    @Test(arguments: [0, 50]) func theSmallestTemperaturesAreGreedy(topK: Int) throws {
        func texts(_ temperature: Float) throws -> [[Int32]] {
            try Self.texts(
                batchSize: 4,
                threads: 1,
                SamplingOptions(
                    temperature: temperature,
                    topK: topK,
                    topP: 1,
                    maximumNewTokens: 12,
                    endOfText: nil
                )
            )
        }
        #expect(try texts(.leastNonzeroMagnitude) == texts(0))
    }

    @Test func anotherSeedGivesAnotherText() throws {
        let generator = TextGenerator(
            SmallModels.parameters(context: 64),
            parallel: ParallelFor(threadCount: 1)
        )
        let options = SamplingOptions(topP: 1, maximumNewTokens: 40, endOfText: nil)
        let texts = try generator.generate([[1], [1], [1]], options) { index in
            SeededGenerator(seed: index == 2 ? 0 : UInt64(index))
        }
        #expect(texts[0] != texts[1])
        #expect(texts[0] == texts[2])
    }

    @Test func requestsArePulledOnlyWhenThereIsRoom() throws {
        let generator = TextGenerator(
            SmallModels.parameters(),
            batchSize: 4,
            parallel: ParallelFor(threadCount: 1)
        )
        var (pulled, done, mostOpen) = (0, 0, 0)
        let options = SamplingOptions(maximumNewTokens: 5, endOfText: 1)
        try generator.generate(options) { () -> GenerationRequest<SeededGenerator>? in
            guard pulled < 50 else { return nil }
            defer { pulled += 1 }
            mostOpen = max(mostOpen, pulled + 1 - done)
            return GenerationRequest(
                id: pulled,
                prompt: [2],
                generator: SeededGenerator(seed: UInt64(pulled))
            )
        } finished: { _ in
            done += 1
        }
        #expect(done == 50)
        #expect(mostOpen == 4)
    }

    /// A text that came back empty is drawn again: asking goes on after a nil.
    @Test func aRequestMayFollowFromAResult() throws {
        let generator = TextGenerator(
            SmallModels.parameters(),
            batchSize: 2,
            parallel: ParallelFor(threadCount: 1)
        )
        var open = [1, 2, 3]
        var done: [Int] = []
        let options = SamplingOptions(maximumNewTokens: 3, endOfText: nil)
        try generator.generate(options) { () -> GenerationRequest<SeededGenerator>? in
            open.isEmpty
                ? nil
                : GenerationRequest(
                    id: open.removeFirst(),
                    prompt: [2],
                    generator: SeededGenerator(seed: 1)
                )
        } finished: { text in
            if text.id == 3 { open = [4] }
            done.append(text.id)
        }
        #expect(done == [1, 2, 3, 4])
    }

    @Test func theContextEndsATextAndCutsAPrompt() throws {
        let generator = TextGenerator(
            SmallModels.parameters(context: 8),
            parallel: ParallelFor(threadCount: 2)
        )
        let options = SamplingOptions(temperature: 0, maximumNewTokens: 100, endOfText: nil)
        let long = (0..<30).map { Int32($0 % 13) }
        var endings: [GeneratedTokens] = []
        var requests: [[Int32]] = [[1], long, Array(long.suffix(8))]
        try generator.generate(options) { () -> GenerationRequest<SeededGenerator>? in
            requests.isEmpty
                ? nil
                : GenerationRequest(
                    id: requests.count,
                    prompt: requests.removeFirst(),
                    generator: SeededGenerator(seed: 1)
                )
        } finished: {
            endings.append($0)
        }
        let texts = Dictionary(uniqueKeysWithValues: endings.map { ($0.id, $0) })
        #expect(endings.allSatisfy { $0.ending == .context })
        #expect(texts[3]?.tokens.count == 8)
        #expect(texts[2]?.tokens.count == 1)
        #expect(texts[2]?.tokens == texts[1]?.tokens)
    }

    /// Those who read along see what the text will be, while it is drawn, and may end it early;
    /// other texts stay what they are.
    @Test func tokensAreSeenAsTheyAreDrawnAndMayEndTheirText() throws {
        let generator = TextGenerator(
            SmallModels.parameters(),
            batchSize: 3,
            parallel: ParallelFor(threadCount: 1)
        )
        let options = SamplingOptions(maximumNewTokens: 12, endOfText: 1)
        let whole = try generator.generate(Array(repeating: [2], count: 9), options) {
            SeededGenerator(seed: UInt64($0))
        }
        var pulled = 0
        var seen: [Int: [Int32]] = [:]
        var mostOpen = 0
        var texts: [Int: GeneratedTokens] = [:]
        try generator.generate(options) { () -> GenerationRequest<SeededGenerator>? in
            guard pulled < whole.count else { return nil }
            defer { pulled += 1 }
            return GenerationRequest(
                id: pulled,
                prompt: [2],
                generator: SeededGenerator(seed: UInt64(pulled))
            )
        } drawn: { id, token in
            seen[id, default: []].append(token)
            mostOpen = max(mostOpen, seen.keys.count { texts[$0] == nil })
            return id % 3 != 0 || seen[id]?.count != 2
        } finished: { text in
            texts[text.id] = text
        }
        #expect(mostOpen == 3)
        #expect(whole.contains { $0.count > 2 })
        for (id, tokens) in whole.enumerated() {
            let isStopped = id % 3 == 0 && tokens.count >= 2
            #expect(texts[id]?.tokens == (isStopped ? Array(tokens.prefix(2)) : tokens))
            #expect(seen[id] ?? [] == texts[id]?.tokens)
            #expect((texts[id]?.ending == .stopped) == isStopped)
        }
    }

    /// A prompt longer than one pass takes is fed in pieces, beside other texts.
    @Test func longPromptsAreFedInPieces() throws {
        let parameters = SmallModels.parameters(context: 700)
        let options = SamplingOptions(temperature: 0, maximumNewTokens: 6, endOfText: nil)
        let prompts = [[1], (0..<600).map { Int32($0 % 11) }, [2, 3]]
        let together = TextGenerator(
            parameters,
            batchSize: 3,
            parallel: ParallelFor(threadCount: 2)
        )
        let alone = TextGenerator(parameters, batchSize: 1, parallel: ParallelFor(threadCount: 1))
        let generator = { (_: Int) in SeededGenerator(seed: 1) }
        #expect(
            try together.generate(prompts, options, generator: generator)
                == alone.generate(prompts, options, generator: generator)
        )
    }

    @Test func cachedLogitsEqualTheTrainingForwardPass() {
        let parameters = SmallModels.parameters(
            vocabulary: 70,
            context: 50,
            width: 24,
            heads: 3
        )
        let tokens = (0..<50).map { Int32($0 * $0 % 70) }
        var batch = TokenBatch()
        batch.appendUnit([TokenBatch.Sequence(tokens: tokens)])
        let network = DecoderNetwork(parameters, trainable: .all)
        let expected = DecoderInference(network, batch, scratch: Arena()).logits()
        let pass = DecodingPass(
            PackedDecoder(parameters, parallel: ParallelFor(threadCount: 2)),
            rowLimit: 1,
            sequenceLimit: 1,
            parallel: ParallelFor(threadCount: 2)
        )
        let cache = KeyValueCache(parameters.configuration, slotCount: 1, positions: 50)
        for position in 0..<expected.count / 70 {
            let logits = Mutex<[Float]>([])
            let drawn = pass.run(
                [
                    TokenRun(
                        slot: 0,
                        firstPosition: position,
                        tokens: [tokens[position]],
                        firstRow: 0,
                        logitsRow: 0
                    )
                ],
                cache: cache
            ) { place, row in
                logits.withLock { $0 = row.values }
                return Int32(place)
            }
            let row = expected[position * 70..<(position + 1) * 70]
            let largest = logits.withLock { zip($0, row).map { abs($0 - $1) }.max() } ?? 1
            #expect(largest < 1e-4, "position \(position)")
            #expect(drawn == [0])
        }
    }
}
