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

    /// Rows that one thread works on at a time: long enough for full speed of a matrix product.
    static let shardRows = 512
    /// Shards of a micro-batch; fixed, so that results do not depend on the machine's cores.
    static let shardsPerMicroBatch = 4

    /// How many units can be sampled.
    var unitCount: Int { units.count }

    /// Cuts a sample into micro-batches of shards, in the order of the sample.
    func microBatches(of sample: [Int]) -> [[TokenBatch]] {
        var batches: [[TokenBatch]] = []
        var current: [[TokenBatch.Sequence]] = []
        var rows = 0
        for index in sample {
            let unit = units[index]
            let unitRows = unit.reduce(0) { $0 + $1.tokens.count - 1 }
            let isFull =
                microBatchSize.map { current.count >= $0 }
                ?? (rows + unitRows > Self.shardRows * Self.shardsPerMicroBatch)
            if isFull, !current.isEmpty {
                batches.append(Self.shards(of: current))
                current = []
                rows = 0
            }
            current.append(unit)
            rows += unitRows
        }
        if !current.isEmpty { batches.append(Self.shards(of: current)) }
        return batches
    }

    private static func shards(of units: [[TokenBatch.Sequence]]) -> [TokenBatch] {
        TokenBatch.shards(of: units, maximumRows: shardRows, multiple: shardsPerMicroBatch)
    }
}
