import Kernels
import TestData
import Testing

@testable import LanguageModel

/// Screening the head changes no text: the largest logits are exact, to the last bit.
@Suite struct ScreenedGenerationTests {
    private static let parameters = SmallModels.parameters(vocabulary: 3_000, context: 40)

    private static func texts(
        _ options: SamplingOptions,
        isScreened: Bool,
        batchSize: Int,
        threads: Int
    ) throws -> [[Int32]] {
        let parallel = ParallelFor(threadCount: threads)
        let generator = TextGenerator(
            PackedDecoder(parameters, isScreened: isScreened, parallel: parallel),
            batchSize: batchSize,
            parallel: parallel
        )
        let prompts: [[Int32]] = [[1, 2, 3], [2_999], [7, 7], [40, 2], [5]]
        return try generator.generate(prompts, options) { SeededGenerator(seed: UInt64($0)) }
    }

    @Test(
        arguments: [
            SamplingOptions(temperature: 0, maximumNewTokens: 30, endOfText: nil),
            SamplingOptions(maximumNewTokens: 30, endOfText: 3),
            SamplingOptions(topK: 3, topP: 1, maximumNewTokens: 30, endOfText: nil),
            SamplingOptions(
                temperature: 2,
                topK: 40,
                maximumNewTokens: 30,
                endOfText: nil,
                vocabularySize: 2_000
            ),
            SamplingOptions(topK: 0, topP: 0.9, maximumNewTokens: 30, endOfText: nil),
            SamplingOptions(topK: .max, topP: 0.9, maximumNewTokens: 30, endOfText: nil),
        ])
    func textsAreTheSame(options: SamplingOptions) throws {
        let expected = try Self.texts(options, isScreened: false, batchSize: 5, threads: 1)
        #expect(Set(expected).count == 5)
        for (batchSize, threads) in [(1, 1), (1, 2), (3, 2), (5, 1)] {
            let texts = try Self.texts(
                options,
                isScreened: true,
                batchSize: batchSize,
                threads: threads
            )
            #expect(texts == expected)
        }
    }

    /// Without this the test above could compare whole products with themselves.
    @Test func onlyDecisiveLogitsAreExact() {
        var generator = SeededGenerator(seed: 1)
        let embedding = Matrix(FloatBuffer(count: 3_000 * 24), rows: 3_000, columns: 24)
        embedding.buffer.fillNormal(0..<embedding.buffer.count, deviation: 1, using: &generator)
        let rows = embedding.rows(10..<14)
        let parallel = ParallelFor(threadCount: 2)
        let head = PredictionHead(embedding, isScreened: true, parallel: parallel)
        func logits(_ rank: Int?) -> Matrix {
            let logits = Matrix(FloatBuffer(count: 4 * 3_000), rows: 4, columns: 3_000)
            let decisive = rank.map { PredictionHead.Decisive(rank: $0, vocabularySize: 2_500) }
            let scratch = Matrix(FloatBuffer(count: 4 * 3_000), rows: 4, columns: 3_000)
            head.predict(rows, decisive, into: logits, scratch: scratch, parallel: parallel)
            return logits
        }
        let exact = logits(nil)
        for rank in [1, 20] {
            let screened = logits(rank)
            for row in 0..<4 {
                let (some, all) = (
                    screened.rows(row..<row + 1).columns(0..<2_500),
                    exact.rows(row..<row + 1).columns(0..<2_500)
                )
                let largest = LargestValues.indices(rank, in: all)
                #expect(LargestValues.indices(rank, in: some) == largest)
                #expect(largest.allSatisfy { some[0, Int($0)] == all[0, Int($0)] })
                #expect((0..<2_500).count { some[0, $0] != all[0, $0] } > 1_000)
            }
        }
        // Where too many would have to be computed, all are.
        #expect(logits(2_400).values == exact.values)
    }
}
