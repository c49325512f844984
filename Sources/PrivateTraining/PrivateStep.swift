import DifferentialPrivacy
import Kernels
import LanguageModel

/// One step of DP-SGD, Algorithm 1 of Abadi et al. 2016 (arXiv:1607.00133), with AdamW for the
/// descent.
///
/// It is what `finetune` runs T times and what `bench train` measures.
final class PrivateStep {
    private let plan: PrivacyPlan
    private let corpus: PrivateCorpus
    private let state: TrainingState
    private let norms: GPT2GradientPass.Norms
    private let gradients: GPT2GradientPass
    private let rule: MicroBatchRule
    private let parallel: ParallelFor
    private let diagnostics: PrivateDiagnostics?

    /// Prepares steps of a plan.
    ///
    /// - Parameter norms: Whether norms are measured; a plan that clips needs them, and without
    ///   them units with a gradient that is not finite are not left out.
    init(
        _ plan: PrivacyPlan,
        corpus: PrivateCorpus,
        state: TrainingState,
        norms: GPT2GradientPass.Norms = .measured,
        parallel: ParallelFor,
        diagnostics: PrivateDiagnostics? = nil
    ) {
        precondition(norms == .measured || plan.maxGradNorm == nil, "clipping needs norms")
        self.plan = plan
        self.corpus = corpus
        self.state = state
        self.norms = norms
        self.parallel = parallel
        self.diagnostics = diagnostics
        gradients = state.gradientPass(parallel: parallel)
        rule = MicroBatchRule(state.parameters.configuration, threads: parallel.threadCount)
    }

    /// Computes the reserved step and returns the emptied sum for the next one.
    func run(
        _ sum: consuming ClippedGradientSum,
        for reservation: consuming Reservation,
        learningRate: Double
    ) throws -> ClippedGradientSum {
        // Take a random sample: each unit with probability q.
        let sample = plan.sampler.sample(unitCount: corpus.unitCount, for: reservation)
        // Compute each unit's gradient, clip it to norm C, and add it up.
        try addClippedGradients(of: sample, to: &sum)
        // Add noise, and divide by the expected batch size.
        let gradient = plan.mechanism.privatize(sum, for: reservation, parallel: parallel)
        // Descend.
        return state.optimizer.update(
            state.trainedValues,
            with: gradient,
            learningRate: learningRate,
            parallel: parallel
        )
    }

    /// Micro-batches bound the memory; the sum does not depend on how they are cut.
    private func addClippedGradients(
        of sample: [Int],
        to sum: inout ClippedGradientSum
    ) throws {
        let clipping = sum.clippingFactors
        for microBatch in corpus.microBatches(of: sample, by: rule) {
            let measured = gradients.measure(
                corpus.shards(of: microBatch, by: rule),
                norms: norms
            )
            let factors = clipping.factors(squaredNorms: measured.squaredNorms)
            sum.accumulate { gradients.addWeightedSum(factors: factors, into: $0) }
            diagnostics?.add(measured, factors: factors)
        }
        try diagnostics?.endStep(state.step)
    }
}
