package import Kernels
package import LanguageModel
import SeededRandomness
import Training

/// Trains a model for a metric: AdamW without clipping per record, noise or budget.
///
/// For texts that are released already, and for the row `real`, whose numbers are internal. Every
/// predicted token weighs the same. The same inputs give the same weights on any number of threads.
package struct PlainTraining: Sendable {
    /// Passes over the sequences.
    private let epochs: Int
    /// Sequences an optimizer step takes.
    private let batchSize: Int
    /// Peak of the learning rate, reached after a tenth of the steps, then falling to 0 linearly.
    private let learningRate: Double
    /// Orders the sequences.
    private let seed: UInt64

    /// Rows of a shard; a matter of speed alone.
    private static let shardRows = 512

    /// Describes a training.
    package init(epochs: Int, batchSize: Int = 32, learningRate: Double, seed: UInt64) {
        self.epochs = epochs
        self.batchSize = batchSize
        self.learningRate = learningRate
        self.seed = seed
    }

    /// Trains `parameters` in place.
    ///
    /// `progress` is called with the steps done and their number; an error that it throws ends the
    /// training and is passed on.
    package func run(
        _ parameters: DecoderParameters,
        on sequences: [TokenBatch.Sequence],
        parallel: ParallelFor,
        progress: (Int, Int) throws -> Void
    ) rethrows {
        let state = TrainingState(
            parameters: parameters,
            trainable: .all,
            settings: .metricTraining
        )
        let descent = PublicStep(state, parallel: parallel)
        var generator = SplitMix64(seed: seed, stream: 0x7841)
        let steps = epochs * ((sequences.count + batchSize - 1) / batchSize)
        var step = 0
        for _ in 0..<epochs {
            let order = sequences.indices.shuffled(using: &generator)
            for start in stride(from: 0, to: order.count, by: batchSize) {
                try progress(step, steps)
                step += 1
                let batch = order[start..<min(start + batchSize, order.count)]
                let shards = TokenBatch.shards(
                    of: batch.map { [sequences[$0]] },
                    maximumRows: Self.shardRows
                )
                descent.run(
                    on: [shards],
                    predictedTokens: max(PublicStep.predictedCounts(shards).reduce(0, +), 1),
                    learningRate: rate(at: step, of: steps)
                )
            }
        }
    }

    private func rate(at step: Int, of steps: Int) -> Double {
        let progress = Double(step) / Double(max(steps, 1))
        return learningRate * min(progress / 0.1, (1 - progress) / 0.9 + 1e-3)
    }
}
