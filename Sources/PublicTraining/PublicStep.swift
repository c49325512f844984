import Autograd
package import Kernels
package import LanguageModel
package import Training

/// One step of training on text that needs no protection: the mean gradient over all predicted
/// tokens, then AdamW.
///
/// Nothing is sampled, clipped by record, or noised. What must be protected is trained by
/// `PrivateStep`, in a target that cannot import this one.
package final class PublicStep {
    /// What public training descends along.
    private struct MeanGradient: DescentDirection {
        let values: FloatBuffer
    }

    /// Computes gradients and losses at the current parameters.
    package let gradients: DecoderGradientPass
    private let state: TrainingState
    private let gradient: MeanGradient
    private let parallel: ParallelFor

    /// Prepares steps that change `state`.
    package init(_ state: TrainingState, parallel: ParallelFor) {
        self.state = state
        self.parallel = parallel
        gradients = state.gradientPass(parallel: parallel)
        gradient = MeanGradient(values: FloatBuffer(count: state.trainedLayout.count))
    }

    /// Descends once along the mean over the predicted tokens of all micro-batches.
    ///
    /// Every predicted token weighs the same, whatever sequence it is in. A gradient that is zero or
    /// not finite changes nothing.
    ///
    /// - Parameters:
    ///   - microBatches: Shards that are worked on together; each takes memory while it is.
    ///   - predictedTokens: How many tokens the micro-batches predict with loss, at least 1.
    ///   - learningRate: The size of the step.
    package func run(
        on microBatches: [[TokenBatch]],
        predictedTokens: Int,
        learningRate: Double
    ) {
        let values = gradient.values
        values.fill(0..<values.count, with: 0)
        for shards in microBatches {
            _ = gradients.measure(shards, norms: .skipped)
            let factors = Self.predictedCounts(shards).map { Float($0) / Float(predictedTokens) }
            gradients.addWeightedSum(factors: factors, into: values)
        }
        let norm = state.optimizer.norm(of: values)
        guard norm > 0, norm.isFinite else { return }
        state.optimizer.update(
            state.trainedValues,
            with: gradient,
            learningRate: learningRate,
            parallel: parallel
        )
    }

    /// The tokens that each unit of the shards predicts with loss.
    package static func predictedCounts(_ shards: [TokenBatch]) -> [Int] {
        shards.flatMap { shard in
            shard.units.map { rows in rows.count { shard.lossWeights[$0] != 0 } }
        }
    }
}
