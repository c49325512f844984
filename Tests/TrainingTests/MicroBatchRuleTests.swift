import LanguageModel
import Testing

@testable import Training

@Suite struct MicroBatchRuleTests {
    @Test(
        arguments: [
            (DecoderConfiguration.Preset.tiny, 256), (.mini, 384), (.small, 256),
            (.gpt2, 256),
        ]
    )
    func rowsFollowTheMemoryOfARow(preset: DecoderConfiguration.Preset, rows: Int) {
        let rule = MicroBatchRule(DecoderConfiguration(preset), threads: 2)
        #expect(rule.shardRows == rows && rule.shardCount == (preset == .tiny ? 4 : 2))
        #expect(MicroBatchRule(DecoderConfiguration(preset), threads: 1) == rule)
        #expect(MicroBatchRule(DecoderConfiguration(preset), threads: 8).shardCount == 8)
    }

    @Test func everyUnitIsInOneMicroBatchAndNoneIsTooLarge() {
        let rule = MicroBatchRule(DecoderConfiguration(.gpt2), threads: 2)
        let rows = (0..<200).map { $0 * 37 % 130 } + [2_000, 0, 0, 5]
        let batches = rule.microBatches(ofRows: rows, unitLimit: nil)
        #expect(batches.flatMap { Array($0) } == Array(rows.indices))
        for batch in batches {
            let long = rows[batch].filter { $0 > rule.shardRows }
            let fitting = rows[batch].reduce(0, +) - long.reduce(0, +)
            #expect(fitting <= rule.shardRows * (rule.shardCount - long.count))
        }
        #expect(rule.microBatches(ofRows: [], unitLimit: nil).isEmpty)
        #expect(rule.microBatches(ofRows: [9, 9, 9, 9, 9], unitLimit: 2) == [0..<2, 2..<4, 4..<5])
    }

    /// One shard too many would keep one of two threads waiting.
    @Test(arguments: [17, 25, 100, 199, 255, 1_023])
    func noMicroBatchNeedsMoreShardsThanItsShare(rows: Int) {
        let rule = MicroBatchRule(DecoderConfiguration(.mini), threads: 2)
        let unit = [TokenBatch.Sequence(tokens: [Int32](repeating: 1, count: rows + 1))]
        let lengths = [Int](repeating: rows, count: 100)
        for batch in rule.microBatches(ofRows: lengths, unitLimit: nil) {
            let shards = rule.shards(of: batch.map { _ in unit })
            #expect(shards.count <= rule.shardCount)
            if batch.upperBound < 100 { #expect(shards.count == rule.shardCount) }
        }
    }
}
