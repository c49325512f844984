import Autograd
import DifferentialPrivacy
import Kernels
import LanguageModel
import TestData
import Training

@testable import PrivateTraining

/// A model of a few thousand parameters and corpora of a few records, for whole steps in milliseconds.
enum TinyTrainer {
    static let configuration = DecoderConfiguration(
        vocabularySize: 48,
        contextLength: 16,
        width: 16,
        layerCount: 1,
        headCount: 2
    )
    static let secret = RunSecret.insecure(seed: 11)

    /// Random parameters, the same for the same seed.
    static func parameters(seed: UInt64 = 1) -> DecoderParameters {
        var generator = KeyStreamGenerator(
            key(0, environment: "parameters \(seed)").stream(for: .initialization)
        )
        return DecoderParameters(initializing: configuration, using: &generator)
    }

    /// One-record units of random tokens, 2 to 12 long.
    static func units(_ count: Int, seed: UInt64) -> [[TokenBatch.Sequence]] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in [record(using: &generator)] }
    }

    static func record(using generator: inout SeededGenerator) -> TokenBatch.Sequence {
        let length = Int.random(in: 2...12, using: &generator)
        let tokens = (0..<length).map { _ in Int32.random(in: 0..<48, using: &generator) }
        return .init(tokens: tokens, lossStart: Int.random(in: 1..<length, using: &generator))
    }

    static func corpus(_ units: [[TokenBatch.Sequence]], microBatch: Int? = nil) -> PrivateCorpus {
        PrivateCorpus(
            units: units,
            recordCount: units.count,
            userCount: nil,
            droppedCount: 0,
            microBatchSize: microBatch
        )
    }

    static func plan(
        unitCount: Int = 8,
        batch: Int = 4,
        steps: Int = 3,
        noise: Double = 1,
        maxGradNorm: Double = 0.5,
        budget: PrivacyBudget = .limited(epsilon: 1e6, delta: 1e-3)
    ) throws -> PrivacyPlan {
        try PrivacyPlan(
            unit: .record,
            schedule: SamplingSchedule(
                unitCount: unitCount,
                expectedBatchSize: batch,
                steps: steps
            ),
            noiseMultiplier: budget == .unlimited ? 0 : noise,
            maxGradNorm: maxGradNorm,
            budget: budget
        )
    }

    static func key(_ step: Int, environment: String = "environment") -> StepKey {
        StepKey(
            secret: secret,
            inputs: StepInputs(
                runIdentifier: "test",
                step: step,
                state: ContentDigest(domain: "state", fields: []),
                environment: ContentDigest(
                    domain: environment,
                    fields: []
                )
            )
        )
    }

    static func step(
        _ plan: PrivacyPlan,
        _ corpus: PrivateCorpus,
        _ parameters: DecoderParameters,
        threads: Int = 1,
        spoil: (DecoderGradientPass) -> Void = { _ in }
    ) -> PrivateStep {
        let step = PrivateStep(
            plan,
            corpus: corpus,
            state: TrainingState(
                parameters: parameters,
                trainable: .all,
                settings: AdamWSettings()
            ),
            parallel: ParallelFor(threadCount: threads)
        )
        spoil(step.gradients)
        return step
    }
}

extension PrivateStep {
    /// The released gradient of step `number`, whose noise and sample depend on the number alone.
    func gradient(_ number: Int = 0) -> [Float] {
        let released = release(
            plan.makeSum(count: gradients.parameterBufferCount),
            for: .unrecorded(TinyTrainer.key(number))
        )
        return released.values.values(0..<released.count)
    }
}

extension DecoderGradientPass {
    /// The length of a gradient.
    var parameterBufferCount: Int { DecoderParameters.layout(of: TinyTrainer.configuration).count }
}

/// The Euclidean distance of two vectors; infinite where either is not finite.
func distance(_ left: [Float], _ right: [Float]) -> Double {
    let square = zip(left, right).reduce(0.0) { sum, pair in
        let difference = Double(pair.0) - Double(pair.1)
        return sum + difference * difference
    }
    return square.isFinite ? square.squareRoot() : .infinity
}
