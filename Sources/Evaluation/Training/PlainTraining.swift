import Autograd
import Kernels
import LanguageModel
import SeededRandomness

/// Trains a model for a metric: AdamW without clipping per record, noise or budget.
///
/// For texts that are released already, and for the row `real`, whose numbers are internal. Every
/// predicted token weighs the same. The same inputs give the same weights on any number of threads.
struct PlainTraining: Sendable {
    /// Passes over the sequences.
    var epochs: Int
    /// Sequences an optimizer step takes.
    var batchSize = 32
    /// Peak of the learning rate, reached after a tenth of the steps, then falling to 0 linearly.
    var learningRate: Double
    /// Orders the sequences.
    var seed: UInt64

    /// Rows of a shard; a matter of speed alone.
    private static let shardRows = 512
    /// Gradients of a larger norm are scaled down to it.
    private static let largestNorm = 1.0

    /// Trains `parameters` in place.
    ///
    /// `progress` is called with the steps done and their number; an error that it throws ends the
    /// training and is passed on.
    func run(
        _ parameters: DecoderParameters,
        on sequences: [TokenBatch.Sequence],
        parallel: ParallelFor,
        progress: (Int, Int) throws -> Void
    ) rethrows {
        let pass = DecoderGradientPass(parameters: parameters, parallel: parallel)
        let count = parameters.layout.count
        let (first, second) = (FloatBuffer(count: count), FloatBuffer(count: count))
        let gradient = FloatBuffer(count: count)
        var generator = SplitMix64(seed: seed, stream: 0x7841)
        let stepsAnEpoch = (sequences.count + batchSize - 1) / batchSize
        var step = 0
        for _ in 0..<epochs {
            let order = sequences.indices.shuffled(using: &generator)
            for start in stride(from: 0, to: order.count, by: batchSize) {
                try progress(step, epochs * stepsAnEpoch)
                step += 1
                let batch = order[start..<min(start + batchSize, order.count)]
                gradient.fill(0..<count, with: 0)
                let norm = add(batch.map { sequences[$0] }, to: gradient, pass)
                guard norm > 0, norm.isFinite else { continue }
                var update = AdamWUpdate(
                    learningRate: Float(rate(at: step, of: epochs * stepsAnEpoch))
                )
                update.beta2 = 0.98
                let scale = Float(min(1, Self.largestNorm / norm))
                Matrix(gradient, rows: 1, columns: count).scale(by: scale)
                update.apply(
                    step: step,
                    gradient: gradient,
                    firstMoment: first,
                    secondMoment: second,
                    parameters: parameters.values,
                    in: 0..<count
                )
            }
        }
    }

    /// Adds the gradient of the mean loss over all predicted tokens; returns its norm.
    private func add(
        _ sequences: [TokenBatch.Sequence],
        to gradient: FloatBuffer,
        _ pass: DecoderGradientPass
    ) -> Double {
        let shards = TokenBatch.shards(
            of: sequences.map { [$0] },
            maximumRows: Self.shardRows
        )
        let predicted = shards.flatMap { shard in
            shard.units.map { rows in rows.count { shard.lossWeights[$0] != 0 } }
        }
        let total = Float(max(predicted.reduce(0, +), 1))
        _ = pass.measure(shards, norms: .skipped)
        pass.addWeightedSum(factors: predicted.map { Float($0) / total }, into: gradient)
        return Matrix(gradient, rows: 1, columns: gradient.count).squaredNorm.squareRoot()
    }

    private func rate(at step: Int, of steps: Int) -> Double {
        let progress = Double(step) / Double(max(steps, 1))
        return learningRate * min(progress / 0.1, (1 - progress) / 0.9 + 1e-3)
    }
}
