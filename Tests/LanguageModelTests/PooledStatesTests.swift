import Autograd
import Kernels
import LanguageModel
import Testing

@Suite struct PooledStatesTests {
    private static let width = 8
    private let parameters = SmallModels.parameters(layers: 4)

    private func vectors(
        _ texts: [[Int32]],
        of parameters: DecoderParameters? = nil,
        threads: Int = 1
    ) -> [[Float]] {
        let states = PooledStates(parameters ?? self.parameters, tokenLimit: 9, beginningOfText: 12)
        let result = states(texts, parallel: ParallelFor(threadCount: threads))
        return texts.indices.map { result.row($0) }
    }

    /// Attention is causal, so the mean of all rows but the first follows from two means over all rows.
    @Test func theLastLayerIsAveragedOverTheTextsOwnTokens() {
        let text: [Int32] = [3, 1, 4, 1, 5]
        let pass = DecoderGradientPass(
            parameters: parameters,
            parallel: ParallelFor(threadCount: 1)
        )
        let means = [[12], [12] + text].map { (read: [Int32]) in
            pass.meanHiddenStates([
                SmallModels.batch([[TokenBatch.Sequence(tokens: read + [12])]])
            ])[0]
        }
        let expected = zip(means[0], means[1]).map { first, all in
            (6 * Double(all) - Double(first)) / 5
        }
        let found = Array(vectors([text])[0][Self.width...])
        // Single precision of sums of six.
        #expect(SmallModels.difference(found, expected) < 1e-5)
    }

    @Test(arguments: [(layer: 1, changesTheFirstHalf: true), (2, false), (3, false)])
    func theFirstHalfIsThatOfTheMiddleLayer(layer: Int, changesTheFirstHalf: Bool) throws {
        let before = vectors([[1, 2, 3]])[0]
        let entry = try #require(parameters.layout["h.\(layer).mlp.c_proj.bias"])
        parameters.values[entry.offset] += 1
        defer { parameters.values[entry.offset] -= 1 }
        let after = vectors([[1, 2, 3]])[0]
        #expect((before[..<Self.width] != after[..<Self.width]) == changesTheFirstHalf)
        #expect(before[Self.width...] != after[Self.width...])
    }

    @Test func aVectorIsOneTextsAloneToTheBit() {
        // More than go through the model together, and not a multiple of that.
        let texts: [[Int32]] = (0..<75).map { text in
            (0..<text % 12).map { Int32((text + $0 * $0) % 12) }
        }
        let together = vectors(texts)
        #expect(vectors(texts, threads: 3) == together)
        #expect(vectors(texts.reversed()).reversed() == together)
        for (text, vector) in zip(texts, together) { #expect(vectors([text]) == [vector]) }
    }

    @Test func tokensBeyondTheLimitAreNotRead() {
        let long = (0..<11).map { Int32($0) }
        #expect(vectors([long])[0] == vectors([Array(long.prefix(9))])[0])
    }

    @Test func emptyAndNonFiniteTextsAreZeros() throws {
        #expect(vectors([[]])[0].allSatisfy { $0 == 0 })
        let places = try #require(parameters.layout["wpe.weight"])
        parameters.values[places.offset + 4 * Self.width] = .nan
        #expect(vectors([[1, 2, 3, 4]])[0].allSatisfy { $0 == 0 })
        let short = vectors([[1, 2, 3]])[0]
        #expect(short.contains { $0 != 0 })
        #expect(
            vectors([[1, 2, 3, 4], [1, 2, 3], [4, 3, 2, 1]])[1] == short,
            "beside what is not finite"
        )
    }
}
