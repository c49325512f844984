import Corpus
package import DifferentialPrivacy
import Kernels
import LanguageModel

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
