import Kernels
import LanguageModel
import Testing

@Suite struct TokenBatchTests {
    @Test func rowsPredictTheNextTokenAndWeightsSumToOnePerUnit() {
        let batch = SmallModels.batch(SmallModels.units)
        #expect(batch.rowCount == 5 + 4 + 1 + (5 + 2 + 5) + 6 + 1 + 12)
        #expect(batch.tokens.prefix(5) == [1, 2, 3, 4, 5])
        #expect(batch.targets.prefix(5) == [2, 3, 4, 5, 6])
        #expect(batch.positions[batch.records[4]] == [0, 1])
        for (index, rows) in batch.units.enumerated() where index != 5 {
            let weight = batch.lossWeights[rows].reduce(0, +)
            #expect(abs(weight - 1) < 1e-6)
        }
        // Unit 5 has no token with loss.
        #expect(batch.lossWeights[batch.units[5]].allSatisfy { $0 == 0 })
    }

    @Test func shardsKeepUnitsWholeAndInOrder() {
        let units = (0..<37).map { index in
            [TokenBatch.Sequence(tokens: Array(repeating: Int32(index), count: 2 + index % 9))]
        }
        let shards = TokenBatch.shards(of: units, maximumRows: 30, multiple: 4)
        #expect(shards.flatMap(\.tokens) == SmallModels.batch(units).tokens)
        #expect(shards.allSatisfy { $0.rowCount <= 30 && !$0.units.isEmpty })
        #expect(shards.reduce(0) { $0 + $1.units.count } == 37)
    }

    @Test func equalUnitsGiveEqualShards() {
        let units = Array(repeating: [TokenBatch.Sequence(tokens: [1, 2, 3, 4, 5])], count: 32)
        let shards = TokenBatch.shards(of: units, maximumRows: 1000, multiple: 4)
        #expect(shards.map { $0.units.count } == [8, 8, 8, 8])
    }

    @Test func aLongUnitIsAShardOfItsOwn() {
        let long = [TokenBatch.Sequence(tokens: Array(repeating: 1, count: 100))]
        let short = [TokenBatch.Sequence(tokens: [1, 2])]
        let shards = TokenBatch.shards(of: [short, long, short], maximumRows: 10, multiple: 1)
        #expect(shards.map(\.rowCount) == [1, 99, 1])
        #expect(TokenBatch.shards(of: [], maximumRows: 10).isEmpty)
    }

    @Test func anEmptyMicroBatchHasNoUnitsAndAddsNothing() {
        let parameters = SmallModels.parameters()
        let pass = DecoderGradientPass(
            parameters: parameters,
            parallel: ParallelFor(threadCount: 2)
        )
        #expect(pass.measure([]).losses.isEmpty)
        let sum = FloatBuffer(count: parameters.values.count)
        pass.addWeightedSum(factors: [], into: sum)
        #expect(sum.values(0..<sum.count).allSatisfy { $0 == 0 })
    }

    @Test func hiddenStatesAreAveragedOverTheRowsOfARecord() {
        let parameters = SmallModels.parameters()
        let pass = DecoderGradientPass(
            parameters: parameters,
            parallel: ParallelFor(threadCount: 2)
        )
        let alone = SmallModels.units.map { pass.meanHiddenStates([SmallModels.batch([$0])]) }
        let together = pass.meanHiddenStates([SmallModels.batch(SmallModels.units)])
        #expect(together.count == 9)
        for (a, b) in zip(alone.flatMap { $0 }, together) {
            #expect(SmallModels.difference(b, a.map(Double.init)) < 1e-5)
        }
    }
}
