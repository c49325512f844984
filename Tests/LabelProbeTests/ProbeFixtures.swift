import Corpus
import DifferentialPrivacy
import Kernels
import LanguageModel
import TestData

@testable import LabelProbe

/// Small corpora of features whose whitening is the identity, and the plans that probes are trained by.
enum ProbeFixtures {
    /// Two label columns, of three values and of two.
    static func labels() throws -> LabelSet {
        try LabelSet(columns: ["topic", "mood"], values: [["a", "b", "c"], ["x", "y"]])
    }

    /// x = [f; 1] for three features.
    static let identity = FeatureWhitening(
        mean: [0, 0, 0],
        projection: [1, 0, 0, 0, 1, 0, 0, 0, 1],
        constant: 1
    )

    /// One record a unit, or as many as `sizes` says, with random features and labels.
    static func corpus(sizes: [Int], seed: UInt64 = 1) throws -> ProbeCorpus {
        var generator = SeededGenerator(seed: seed)
        var features: [[Float]] = []
        let units = sizes.map { size in
            (0..<size).map { _ in
                features.append((0..<3).map { _ in Float(generator.uniform(-1, 1)) })
                return LabelledTokens(
                    tokens: [],
                    labels: [
                        Int.random(in: 0..<3, using: &generator),
                        Int.random(in: 0..<2, using: &generator),
                    ]
                )
            }
        }
        return try corpus(units, features: features)
    }

    static func corpus(_ units: [[LabelledTokens]], features: [[Float]]) throws -> ProbeCorpus {
        ProbeCorpus(
            units: units,
            features: Embeddings(
                values: FloatBuffer(features.flatMap { $0 }),
                count: features.count,
                dimension: 3
            ),
            whitening: identity,
            labels: try labels()
        )
    }

    /// A classifier with random weights.
    static func classifier(seed: UInt64 = 2) throws -> LabelClassifier {
        var generator = SeededGenerator(seed: seed)
        var classifier = LabelClassifier(inputCount: 4, labels: try labels())
        for place in classifier.weights.indices {
            classifier.weights[place] = Double(Float(generator.uniform(-2, 2)))
        }
        return classifier
    }

    static func plan(
        units: Int,
        steps: Int = 1,
        noiseMultiplier: Double = 0,
        maxGradNorm: Double = 1
    ) throws -> FullBatchPlan {
        try FullBatchPlan(
            unitCount: units,
            steps: steps,
            noiseMultiplier: noiseMultiplier,
            maxGradNorm: maxGradNorm
        )
    }

    static func reservation(_ label: String = "step") -> Reservation {
        .unrecorded(
            StepKey(
                secret: .insecure(seed: 3),
                inputs: StepInputs(runIdentifier: "test", label: label)
            )
        )
    }

    /// What a step releases.
    static func release(
        _ plan: FullBatchPlan,
        _ corpus: ProbeCorpus,
        at classifier: LabelClassifier,
        label: String = "step",
        threads: Int = 1
    ) -> [Float] {
        let step = LabelProbeStep(
            plan: plan,
            corpus: corpus,
            parallel: ParallelFor(threadCount: threads)
        )
        let count = classifier.weights.count
        let released = step.release(
            plan.makeSum(count: count),
            at: classifier,
            for: reservation(label)
        )
        return released.values.values(0..<count)
    }
}
