import LanguageModel

/// The tokenized private corpus, grouped into privacy units; it never leaves the process.
package struct PrivateCorpus: Sendable {
    /// The records of each unit, at least one a unit, [units].
    let units: [[TokenBatch.Sequence]]
    /// Records read, dropped ones included.
    let recordCount: Int
    /// Users read, where the unit is a user; else nil.
    let userCount: Int?
    /// Records that could not be used; a private diagnostic.
    let droppedCount: Int
    /// Units of a micro-batch, if the user says so.
    var microBatchSize: Int?

    /// How many units can be sampled.
    var unitCount: Int { units.count }

    /// Cuts a sample into micro-batches, in the order of the sample.
    func microBatches(of sample: [Int], by rule: MicroBatchRule) -> [ArraySlice<Int>] {
        let rows = sample.map { units[$0].reduce(0) { $0 + max($1.tokens.count - 1, 0) } }
        return rule.microBatches(ofRows: rows, unitLimit: microBatchSize).map { sample[$0] }
    }

    /// The shards of one micro-batch.
    func shards(of microBatch: ArraySlice<Int>, by rule: MicroBatchRule) -> [TokenBatch] {
        rule.shards(of: microBatch.map { units[$0] })
    }
}
