import Foundation
import Kernels
import Testing

@testable import LanguageModel

@Suite struct GrowingContextsTests {
    /// Fed in pieces beside others, or whole and alone: the same logits to the last bit.
    @Test(arguments: [1, 2]) func logitsDependOnTheirOwnContextAlone(threads: Int) {
        let parallel = ParallelFor(threadCount: threads)
        let decoder = ContextDecoder(SmallModels.parameters(), parallel: parallel)
        let texts: [[Int32]] = [[1, 5, 2, 9], [3], [7, 7, 0, 12, 4, 4], [8, 2]]
        let together = GrowingContexts(decoder, count: 4, positions: 8)
        var logits = together.feed(texts.enumerated().map { ($0.offset, $0.element) })
        let next = together.feed([(0, [6]), (2, [1, 1])])
        (logits[0], logits[2]) = (next[0], next[1])
        let whole: [[Int32]] = [texts[0] + [6], texts[1], texts[2] + [1, 1], texts[3]]
        for (text, found) in zip(whole, logits) {
            let other = ContextDecoder(
                SmallModels.parameters(),
                parallel: ParallelFor(threadCount: 3 - threads)
            )
            let alone = GrowingContexts(other, count: 1, positions: text.count)
            #expect(alone.feed([(0, text)])[0].values == found.values)
        }
    }

    /// The likeliest token at every step is what the generator draws without chance.
    @Test func agreesWithTheGenerator() throws {
        let parallel = ParallelFor(threadCount: 1)
        let parameters = SmallModels.parameters()
        let decoder = ContextDecoder(parameters, parallel: parallel)
        let contexts = GrowingContexts(decoder, count: 1, positions: 12)
        var logits = contexts.feed([(0, [2, 3])])[0]
        var tokens: [Int32] = []
        for _ in 0..<6 {
            let best = logits.values.indices.max { logits.values[$0] < logits.values[$1] } ?? 0
            tokens.append(Int32(best))
            logits = contexts.feed([(0, [Int32(best)])])[0]
        }
        let drawn = try TextGenerator(parameters, parallel: parallel).generate(
            [[2, 3]],
            SamplingOptions(temperature: 0, maximumNewTokens: 6, endOfText: nil)
        ) { _ in SystemRandomNumberGenerator() }
        #expect(drawn == [tokens])
        let sum = logits.values.reduce(0.0) { $0 + exp(Double($1) - logits.logSum) }
        #expect(abs(sum - 1) < 1e-9)
    }
}
