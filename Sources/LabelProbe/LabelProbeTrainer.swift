package import Corpus
package import DifferentialPrivacy
package import Kernels
import LanguageModel

/// Trains a label probe: T reserved steps of gradient descent with momentum.
///
///     v ← β·v + g̃,   w ← w − η·v;   the mean of w over the second half of the steps is the probe
///
/// Every step is a function of the weights before it and of fixed inputs, so a step that was reserved and
/// lost is computed again, bit for bit, at no further cost. Descent and mean are post-processing.
package struct LabelProbeTrainer {
    /// Why a trainer stopped.
    package enum End: Sendable {
        /// All T steps are done.
        case planDone
        /// The next step would exceed the target: steps were computed again with other inputs.
        case targetReached
        /// It was asked to stop.
        case interrupted
    }

    /// What training gave.
    package struct Outcome: Sendable {
        /// The averaged classifier; that of the last step where training ended in its first half.
        package let classifier: LabelClassifier
        /// Steps that led to it.
        package let steps: Int
        /// Why it ended.
        package let end: End
    }

    private let step: LabelProbeStep
    private let settings: LabelProbeSettings

    /// Prepares the steps of a plan.
    package init(
        _ plan: FullBatchPlan,
        settings: LabelProbeSettings,
        corpus: ProbeCorpus,
        parallel: ParallelFor
    ) {
        step = LabelProbeStep(plan: plan, corpus: corpus, parallel: parallel)
        self.settings = settings
    }

    /// Runs all steps.
    ///
    /// - Parameters:
    ///   - labels: The public label values; every one is equally likely at first.
    ///   - reserve: Records step `step` with the weights and velocity before it, durably, before anything
    ///     of it is computed; nil if the target does not allow for it.
    ///   - goesOn: Asked after each step with how many are done.
    /// - Returns: The probe as far as it came.
    /// - Throws: What `reserve` throws.
    package func run(
        labels: LabelSet,
        reserve: (_ step: Int, _ state: [FloatBuffer]) throws -> Reservation?,
        goesOn: (Int) -> Bool
    ) throws -> Outcome {
        var classifier = LabelClassifier(inputCount: step.corpus.inputCount, labels: labels)
        var mean = classifier
        let count = classifier.weights.count
        let state = (
            weights: FloatBuffer(count: count),
            velocity: FloatBuffer(count: count)
        )
        var sum = step.plan.makeSum(count: count)
        for done in 0..<step.plan.steps {
            guard let reservation = try reserve(done, [state.weights, state.velocity]) else {
                return Outcome(classifier: mean, steps: done, end: .targetReached)
            }
            let gradient = step.release(sum, at: classifier, for: reservation)
            descend(gradient.values, state.weights, state.velocity)
            sum = gradient.recycled()
            classifier.weights = state.weights.values(0..<count).map(Double.init)
            let averaged = done - step.plan.steps / 2
            for place in 0..<count where averaged > 0 {
                mean.weights[place] +=
                    (classifier.weights[place] - mean.weights[place]) / Double(averaged + 1)
            }
            if averaged <= 0 { mean = classifier }
            guard goesOn(done + 1) || done + 1 == step.plan.steps else {
                return Outcome(classifier: mean, steps: done + 1, end: .interrupted)
            }
        }
        return Outcome(classifier: mean, steps: step.plan.steps, end: .planDone)
    }

    private func descend(
        _ gradient: FloatBuffer,
        _ weights: FloatBuffer,
        _ velocity: FloatBuffer
    ) {
        let (momentum, rate) = (Float(settings.momentum), Float(settings.learningRate))
        for place in 0..<weights.count {
            velocity[place] = momentum * velocity[place] + gradient[place]
            weights[place] -= rate * velocity[place]
        }
    }
}

/// The probe's own step on a corpus of an audit, whose features are so long that every unit is clipped to
/// exactly the bound.
package struct AuditedLabelProbe: Sendable {
    private let step: LabelProbeStep
    private let classifier: LabelClassifier

    /// A corpus of `others` alike units of one record, and before them a unit of `canary` records that points
    /// elsewhere; none if that is 0.
    ///
    /// - Throws: `CorpusError` never in practice: the labels are constants.
    package init(_ plan: FullBatchPlan, canary: Int, others: Int) throws {
        // So many values that the noise of a few steps can be measured.
        let labels = try LabelSet(
            columns: ["a", "b"],
            values: [["0", "1"], (0..<300).map(String.init)]
        )
        let units =
            (canary == 0
                ? []
                : [Array(repeating: LabelledTokens(tokens: [], labels: [0, 0]), count: canary)])
            + Array(repeating: [LabelledTokens(tokens: [], labels: [1, 2])], count: others)
        let features =
            Array(repeating: [3, -2, 1] as [Float], count: canary)
            + Array(repeating: [-1, 2, 2], count: others)
        let corpus = ProbeCorpus(
            units: units,
            features: Embeddings(
                values: FloatBuffer(features.flatMap { $0 }),
                count: features.count,
                dimension: 3
            ),
            whitening: FeatureWhitening(
                mean: [0, 0, 0],
                projection: [1, 0, 0, 0, 1, 0, 0, 0, 1],
                constant: 1
            ),
            labels: labels
        )
        // One thread: the audit runs many of these side by side.
        step = LabelProbeStep(plan: plan, corpus: corpus, parallel: ParallelFor(threadCount: 1))
        classifier = LabelClassifier(inputCount: corpus.inputCount, labels: labels)
    }

    /// The number of coordinates.
    package var count: Int { classifier.weights.count }

    /// A sum to start with.
    package func makeSum() -> ClippedGradientSum { step.plan.makeSum(count: count) }

    /// All of a step that sees the corpus.
    package func release(
        _ sum: consuming ClippedGradientSum,
        for reservation: consuming Reservation
    ) -> PrivatizedGradient {
        step.release(sum, at: classifier, for: reservation)
    }
}
