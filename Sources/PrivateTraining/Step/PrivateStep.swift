import DifferentialPrivacy
import Kernels
import LanguageModel
import Training

/// One step of DP-SGD (Abadi and others 2016, arXiv:1607.00133, Algorithm 1) with AdamW for the
/// descent.
///
/// It is what `finetune` runs T times and what `bench train` measures.
final class PrivateStep {
    let plan: PrivacyPlan
    private let corpus: PrivateCorpus
    private let state: TrainingState
    private let norms: DecoderGradientPass.Norms
    let gradients: DecoderGradientPass
    private let rule: MicroBatchRule
    private let parallel: ParallelFor
    private let diagnostics: PrivateDiagnostics?

    /// Prepares steps of a plan.
    ///
    /// - Parameters:
    ///   - plan: The plan; its sampler and mechanism are used.
    ///   - corpus: What is sampled.
    ///   - state: What a step changes.
    ///   - norms: Whether norms are measured; a plan that clips needs them, and without them units
    ///     with a gradient that is not finite are not left out.
    ///   - parallel: The threads to use.
    ///   - diagnostics: Where private figures go, if anywhere.
    init(
        _ plan: PrivacyPlan,
        corpus: PrivateCorpus,
        state: TrainingState,
        norms: DecoderGradientPass.Norms = .measured,
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
        gradients.defects = TrainingSeam.normDefects
    }

    /// Computes the reserved step and returns the emptied sum for the next one.
    func run(
        _ sum: consuming ClippedGradientSum,
        for reservation: consuming Reservation,
        learningRate: Double
    ) throws -> ClippedGradientSum {
        let gradient = release(sum, for: reservation)
        try diagnostics?.endStep(state.step)
        // Descend.
        state.optimizer.update(
            state.trainedValues,
            with: gradient,
            learningRate: learningRate,
            parallel: parallel
        )
        return gradient.recycled()
    }

    /// All of a step that sees the corpus: samples, clips, sums and noises.
    func release(
        _ sum: consuming ClippedGradientSum,
        for reservation: consuming Reservation
    ) -> PrivatizedGradient {
        // Take a random sample: each unit with probability q.
        let sample = plan.sampler.sample(unitCount: corpus.unitCount, for: reservation)
        // Compute each unit's gradient, clip it to norm C, and add it up.
        addClippedGradients(of: sample, to: &sum)
        // Add noise, and divide by the expected batch size.
        return plan.mechanism.privatize(sum, for: reservation, parallel: parallel)
    }

    /// Micro-batches bound the memory; the sum does not depend on how they are cut.
    private func addClippedGradients(
        of sample: [Int],
        to sum: inout ClippedGradientSum
    ) {
        let (sample, corpus) = TrainingSeam.units(sample, of: corpus)
        let clipping = sum.clippingFactors
        for microBatch in corpus.microBatches(of: sample, by: rule) {
            let measured = gradients.measure(
                corpus.shards(of: microBatch, by: rule),
                norms: norms
            )
            let factors = TrainingSeam.factors(
                clipping.factors(squaredNorms: measured.squaredNorms)
            )
            sum.accumulate { gradients.addWeightedSum(factors: factors, into: $0) }
            diagnostics?.add(measured, factors: factors)
        }
    }
}

/// The only gradient that private training descends along.
extension PrivatizedGradient: DescentDirection {}
