import Autograd
import Kernels

extension DecoderGradientPass {
    /// The loss of each unit in nats without gradients, units in the order of the shards; private.
    public func losses(_ shards: [TokenBatch]) -> [Double] {
        parallel.map(shards.count) { [network, workers] shard, worker in
            DecoderInference(network, shards[shard], scratch: workers[worker]).unitLosses()
        }.flatMap { $0 }
    }

    /// What the model predicts at every row with loss, rows in the order of the shards.
    ///
    /// - Parameters:
    ///   - shards: The texts.
    ///   - candidates: The tokens among which the likeliest is sought; not empty.
    /// - Returns: One prediction a row with loss.
    package func rowPredictions(
        _ shards: [TokenBatch],
        among candidates: Range<Int>
    ) -> [RowPrediction] {
        parallel.map(shards.count) { [network, workers] shard, worker in
            DecoderInference(network, shards[shard], scratch: workers[worker])
                .rowPredictions(among: candidates)
        }.flatMap { $0 }
    }

    /// The logits of every row, [rows, vocabulary], row by row; for tests and short texts.
    public func logits(_ batch: TokenBatch) -> [Float] {
        DecoderInference(network, batch, scratch: workers[0]).logits()
    }

    /// The final norm's output averaged over the rows of each record, [records][width].
    ///
    /// Units in the order of the shards, records in the order of their units. A record without
    /// rows has zeros.
    public func meanHiddenStates(_ shards: [TokenBatch]) -> [[Float]] {
        parallel.map(shards.count) { [network, workers] shard, worker in
            DecoderInference(network, shards[shard], scratch: workers[worker]).meanHiddenStates()
        }.flatMap { $0 }
    }
}
