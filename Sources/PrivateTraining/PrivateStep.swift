import DifferentialPrivacy
import Kernels
import LanguageModel

/// One step of Algorithm 1 up to the released gradient: all of a step that sees the corpus.
///
/// The trainer runs it, and so does the audit, which thereby measures what is really released.
struct PrivateStep {
    let plan: PrivacyPlan
    let corpus: PrivateCorpus
    let gradients: GPT2GradientPass
    let parallel: ParallelFor
    var diagnostics: PrivateDiagnostics?

    /// Samples, clips, sums and noises.
    ///
    /// - Parameters:
    ///   - sum: Zeros.
    ///   - reservation: Proof that the step is in the ledger.
    /// - Returns: The released gradient.
    func callAsFunction(
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
    private func addClippedGradients(of sample: [Int], to sum: inout ClippedGradientSum) {
        let clipping = sum.clippingFactors
        for shards in corpus.microBatches(of: sample) {
            let measured = gradients.measure(shards, norms: .measured)
            let factors = clipping.factors(squaredNorms: measured.squaredNorms)
            sum.accumulate { gradients.addWeightedSum(factors: factors, into: $0) }
            diagnostics?.add(measured, factors: factors)
        }
    }
}
