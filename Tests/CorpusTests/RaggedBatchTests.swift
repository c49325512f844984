import Testing

@testable import Corpus

@Suite struct RaggedBatchTests {
    private let first = TokenizedExample(tokens: [1, 2, 3, 4, 5], lossStart: 2)
    private let second = TokenizedExample(tokens: [6, 7], lossStart: 1)

    @Test func rowsReadOneTokenAndPredictTheNext() {
        let batch = RaggedBatch(units: [[first, second], [second]])
        #expect(batch.inputs == [1, 2, 3, 4, 6, 6])
        #expect(batch.targets == [2, 3, 4, 5, 7, 7])
        #expect(batch.recordRows == [0..<4, 4..<5, 5..<6])
        #expect(batch.unitRecords == [0..<2, 2..<3])
        #expect(batch.rows(ofUnit: 0) == 0..<5)
        #expect(batch.rows(ofUnit: 1) == 5..<6)
        #expect(batch.longestRecord == 4)
        let sixth = Float(1.0 / 6)
        #expect(batch.lossWeights == [0, sixth, sixth, sixth, 0.5, 1])
    }

    @Test func weightsOfAUnitSumToOne() {
        for batch in RaggedBatch.shards(of: randomUnits(200), rowBudget: 100) {
            for unit in 0..<batch.unitCount {
                let sum = batch.rows(ofUnit: unit).reduce(0.0) {
                    $0 + Double(batch.lossWeights[$1])
                }
                // Each weight is rounded to Float once: relative error below 2⁻²⁴.
                #expect(abs(sum - 1) < 1e-7)
            }
        }
    }

    private func randomUnits(_ count: Int) -> [[TokenizedExample]] {
        var generator = SeededGenerator(state: 3)
        return (0..<count).map { _ in
            (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                let length = Int.random(in: 2...30, using: &generator)
                return TokenizedExample(
                    tokens: (0..<Int32(length)).map { $0 },
                    lossStart: Int.random(in: 1..<length, using: &generator)
                )
            }
        }
    }

    @Test(arguments: [1, 7, 50, 120, 1000, 100_000]) func shardsHoldEachUnitOnceWithinTheBudget(
        _ budget: Int
    ) {
        let units = randomUnits(300)
        let shards = RaggedBatch.shards(of: units, rowBudget: budget)
        #expect(shards.flatMap(\.unitIndices).sorted() == Array(0..<300))
        for shard in shards {
            #expect(shard.rowCount <= budget || shard.unitCount == 1)
            for (unit, index) in shard.unitIndices.enumerated() {
                let alone = RaggedBatch(units: [units[index]])
                #expect(Array(shard.inputs[shard.rows(ofUnit: unit)]) == alone.inputs)
                #expect(Array(shard.lossWeights[shard.rows(ofUnit: unit)]) == alone.lossWeights)
            }
        }
        #expect(shards == RaggedBatch.shards(of: units, rowBudget: budget))
    }

    @Test func shardsAreBalanced() {
        let shards = RaggedBatch.shards(of: randomUnits(2000), rowBudget: 4000)
        let rows = shards.map(\.rowCount)
        // Longest-first leaves a gap of at most one shortest unit; the longest has 116 rows.
        #expect((rows.max() ?? 0) - (rows.min() ?? 0) <= 116)
    }

    @Test func noUnitsGiveNoShards() {
        #expect(RaggedBatch.shards(of: [], rowBudget: 10).isEmpty)
        #expect(RaggedBatch().longestRecord == 0)
    }
}
