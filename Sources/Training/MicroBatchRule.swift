package import LanguageModel

/// How many rows are worked on together: a trade of memory against speed.
///
/// A micro-batch is a number of shards, each the work of one thread. Its rows keep their
/// activations, logits and gradients until its sum is taken, in bytes a row:
///
///     4·(18·width·layers + vocabulary) for GPT-2:  tiny 45 K, mini 0.2 M, small 0.3 M, gpt2 0.9 M
///
/// so there are as many rows as fit 160 MiB, between 512, below which matrix products lose speed,
/// and 1,024, above which they gain none; in multiples of 256. Neither depends on the logical batch.
package struct MicroBatchRule: Sendable, Equatable {
    /// Rows of a shard, at most, unless a single unit has more.
    package let shardRows: Int
    /// Shards of a micro-batch.
    ///
    /// More than two, or four of the smallest models, only where there are more threads; up to then
    /// results do not depend on the number of threads.
    package let shardCount: Int

    private static let memory = 160 << 20
    private static let rows = 512...1_024

    /// The rule for a model on a number of threads.
    package init(_ configuration: DecoderConfiguration, threads: Int) {
        let floats = configuration.keptWidth + configuration.vocabularySize
        let fitting = Self.memory / (4 * floats) / 256 * 256
        let rows = min(max(fitting, Self.rows.lowerBound), Self.rows.upperBound)
        let count = rows == Self.rows.upperBound ? 4 : 2
        shardRows = rows / count
        shardCount = max(count, threads)
    }

    /// Cuts units into micro-batches, in their order: ranges of units.
    ///
    /// A micro-batch ends where its units would need one more shard: that shard would keep one
    /// thread at work while the others wait.
    ///
    /// - Parameters:
    ///   - rows: The rows of each unit.
    ///   - unitLimit: Units of a micro-batch, instead of as many as the rule's shards hold.
    /// - Returns: Ranges that cover all units, none empty.
    package func microBatches(ofRows rows: [Int], unitLimit: Int?) -> [Range<Int>] {
        if let unitLimit {
            return stride(from: 0, to: rows.count, by: unitLimit).map {
                $0..<min($0 + unitLimit, rows.count)
            }
        }
        let shards = TokenBatch.shardRanges(ofRows: rows, atMost: shardRows)
        return stride(from: 0, to: shards.count, by: shardCount).map {
            let last = shards[min($0 + shardCount, shards.count) - 1]
            return shards[$0].lowerBound..<last.upperBound
        }
    }

    /// The shards of the units of one micro-batch.
    package func shards(of units: [[TokenBatch.Sequence]]) -> [TokenBatch] {
        TokenBatch.shards(of: units, maximumRows: shardRows, multiple: shardCount)
    }
}
