import Autograd
import DifferentialPrivacy
import Kernels
import LabelProbe

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
