import Autograd
import DifferentialPrivacy
import Foundation
import Kernels
import LabelProbe
import LanguageModel
import Training

/// Two neighbouring corpora for a tiny model, chosen so that defects show.
///
/// The model's gradients are far longer than C, so every unit is clipped to exactly the bound. Its
/// position embedding is infinite from the sixth place on: a longer record has no finite gradient.
package enum AuditScenario: String, CaseIterable, Sendable {
    /// A record more among others that point elsewhere, in several micro-batches.
    case oneMoreRecord = "one more record"
    /// A record in an otherwise empty corpus.
    case onlyRecord = "the only record"
    /// A user with several equal records.
    case userWithRecords = "a user with several records"
    /// A record whose gradient is not finite.
    case nonFiniteRecord = "a record with a non-finite gradient"
    /// A record whose gradient is a thousandth of a millionth of what it is the sum of.
    case cancellingRecord = "a record whose gradient cancels"
    /// A record more, where low-rank adapters are trained instead of the model.
    case adapters = "one more record, with adapters"
    /// A record without a gradient that moves the others to other places of their micro-batches; rows
    /// are multiplied by large adapters, which magnifies every rounding.
    case regroupedRecords = "records in other micro-batches, with large adapters"
    /// A record in an otherwise empty corpus, with adapters, under discrete Gaussian noise.
    case exactNoise = "the only record, with adapters and exact noise"
    /// A record more, in steps that several threads share.
    case severalThreads = "one more record, on several threads"
    /// A record more among others, for the label probe's step.
    case labelProbeRecord = "one more record for the label probe"
    /// A user with several equal records, for the label probe's step.
    case labelProbeUser = "a user with several records for the label probe"

    /// How many records the canary of a label probe has; nil where training is audited.
    var labelProbeCanary: Int? {
        switch self {
        case .labelProbeRecord: 1
        case .labelProbeUser: 3
        default: nil
        }
    }

    /// The corpus of training without the canary, or with it.
    func corpus(withCanary: Bool) -> PrivateCorpus {
        let units = (withCanary ? [canary] : []) + others
        return PrivateCorpus(
            units: units.map { $0.map { TokenBatch.Sequence(tokens: $0) } },
            recordCount: units.count,
            userCount: nil,
            droppedCount: 0,
            microBatchSize: 2
        )
    }

    private var others: [[[Int32]]] {
        switch self {
        case .onlyRecord, .exactNoise, .cancellingRecord, .labelProbeRecord, .labelProbeUser: []
        case .oneMoreRecord, .userWithRecords, .nonFiniteRecord, .adapters, .severalThreads:
            Array(repeating: [[1, 4, 1, 4]], count: 5)
        case .regroupedRecords:
            [[[1, 4, 1, 4]], [[3, 9]], [[6, 0, 6, 8, 11]], [[1, 4, 5]], [[10, 3, 3, 1]]]
        }
    }

    private var canary: [[Int32]] {
        switch self {
        case .oneMoreRecord, .onlyRecord, .adapters, .exactNoise, .severalThreads,
            .labelProbeRecord, .labelProbeUser:
            [[2, 7, 2, 7]]
        case .userWithRecords: Array(repeating: [2, 7, 2, 7], count: 3)
        case .nonFiniteRecord, .regroupedRecords: [[2, 7, 2, 7, 2, 7, 2, 7]]
        case .cancellingRecord: [AuditModel.cancellingRecord]
        }
    }
}

/// Runs the product's own step on a corpus of the audit, again and again with other keys.
struct AuditRunner {
    /// Whose step it is.
    private enum Step {
        case training(PrivateStep)
        case labelProbe(AuditedLabelProbe)
    }

    private let step: Step
    private let count: Int
    private let secret: RunSecret

    init(plan: PrivacyPlan, corpus: PrivateCorpus, model: AuditModel, secret: RunSecret) {
        let state = model.state
        step = .training(
            PrivateStep(
                plan,
                corpus: corpus,
                state: state,
                parallel: ParallelFor(threadCount: model.threadCount)
            )
        )
        count = state.trainedLayout.count
        self.secret = secret
    }

    init(_ probe: AuditedLabelProbe, secret: RunSecret) {
        step = .labelProbe(probe)
        count = probe.count
        self.secret = secret
    }

    /// What `count` steps release, whose keys follow from `label`.
    func releases(along direction: [Float], count: Int, label: String) -> ReleaseStatistics {
        var statistics = ReleaseStatistics(along: direction)
        var sum = makeSum()
        for draw in 0..<count {
            let gradient = release(sum, for: reservation("\(label) \(draw)"))
            gradient.values.withSpan(0..<self.count) { statistics.add($0) }
            sum = gradient.recycled()
        }
        return statistics
    }

    /// The released gradient of one step.
    func release(label: String) -> [Float] {
        let gradient = release(makeSum(), for: reservation(label))
        return gradient.values.values(0..<count)
    }

    private func makeSum() -> ClippedGradientSum {
        switch step {
        case .training(let step): step.plan.makeSum(count: count)
        case .labelProbe(let probe): probe.makeSum()
        }
    }

    private func release(
        _ sum: consuming ClippedGradientSum,
        for reservation: consuming Reservation
    ) -> PrivatizedGradient {
        switch step {
        case .training(let step): step.release(sum, for: reservation)
        case .labelProbe(let probe): probe.release(sum, for: reservation)
        }
    }

    private func reservation(_ label: String) -> Reservation {
        let inputs = StepInputs(runIdentifier: "audit", label: label, domain: "audit")
        return .unrecorded(StepKey(secret: secret, inputs: inputs))
    }
}

/// What an audit keeps of steps that differ in their noise alone.
struct ReleaseStatistics: Sendable {
    /// ⟨direction, released gradient⟩ of each step.
    private(set) var scores: [Double] = []
    /// Σ of the squared differences between the second and the first release of each pair.
    private(set) var squaredDifferences = 0.0
    /// Coordinates that were compared.
    private(set) var comparisons = 0
    private let direction: [Float]
    private var previous: [Float]?

    init(along direction: [Float]) { self.direction = direction }

    /// Takes note of one release, [coordinates].
    mutating func add(_ released: Span<Float>) {
        var score = 0.0
        for index in released.indices {
            score += Double(direction[index]) * Double(released[index])
        }
        scores.append(score)
        guard let first = previous.take() else {
            previous = released.indices.map { released[$0] }
            return
        }
        for index in released.indices {
            let difference = Double(released[index]) - Double(first[index])
            squaredDifferences += difference * difference
        }
        comparisons += released.count
    }

    /// What the noise's standard deviation is at most, as a multiple of the one claimed.
    ///
    /// The difference of two releases with the same expectation is N(0, 2s²) in each coordinate, so
    /// the sum of squares over 2s² is χ² with as many degrees of freedom as coordinates, and lies
    /// below n − 2√(nx) with probability at most e⁻ˣ (Laurent & Massart 2000, Lemma 1).
    ///
    /// - `claimed`: The standard deviation of a released coordinate, by the plan.
    /// - `failure`: How likely the true multiple may exceed the bound, in (0, 1).
    /// - Returns: ∞ with too few coordinates; NaN where releases were not finite.
    static func noiseBound(_ parts: [ReleaseStatistics], claimed: Double, failure: Double) -> Double
    {
        let count = Double(parts.reduce(0) { $0 + $1.comparisons })
        let square = parts.reduce(0) { $0 + $1.squaredDifferences } / (2 * claimed * claimed)
        let least = count - 2 * (-count * log(failure)).squareRoot()
        return least > 0 ? (square / least).squareRoot() : .infinity
    }
}
