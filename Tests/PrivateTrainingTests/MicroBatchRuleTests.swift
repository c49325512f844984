import LanguageModel
import Testing

@testable import PrivateTraining

@Suite struct MicroBatchRuleTests {
    @Test(
        arguments: [
            (GPT2Configuration.Preset.tiny, 256), (.mini, 384), (.small, 256),
            (.gpt2, 256),
        ]
    )
    func rowsFollowTheMemoryOfARow(preset: GPT2Configuration.Preset, rows: Int) {
        let rule = MicroBatchRule(GPT2Configuration(preset), threads: 2)
        #expect(rule.shardRows == rows && rule.shardCount == (preset == .tiny ? 4 : 2))
        #expect(MicroBatchRule(GPT2Configuration(preset), threads: 1) == rule)
        #expect(MicroBatchRule(GPT2Configuration(preset), threads: 8).shardCount == 8)
    }

    @Test func everyUnitIsInOneMicroBatchAndNoneIsTooLarge() {
        let rule = MicroBatchRule(GPT2Configuration(.gpt2), threads: 2)
        let rows = (0..<200).map { $0 * 37 % 130 } + [2_000, 0, 0, 5]
        let batches = rule.microBatches(ofRows: rows, unitLimit: nil)
        #expect(batches.flatMap { Array($0) } == Array(rows.indices))
        for batch in batches where batch.count > 1 {
            #expect(batch.reduce(0) { $0 + rows[$1] } <= rule.shardRows * rule.shardCount)
        }
        #expect(rule.microBatches(ofRows: [], unitLimit: nil).isEmpty)
        #expect(rule.microBatches(ofRows: [9, 9, 9, 9, 9], unitLimit: 2) == [0..<2, 2..<4, 4..<5])
    }
}
