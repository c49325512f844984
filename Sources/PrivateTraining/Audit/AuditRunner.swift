import Autograd
import DifferentialPrivacy
import Kernels

/// Runs the trainer's step on a corpus of the audit, again and again with other keys.
struct AuditRunner {
    private let step: PrivateStep
    private let count: Int
    private let secret: RunSecret

    init(plan: PrivacyPlan, corpus: PrivateCorpus, model: AuditModel, secret: RunSecret) {
        let state = model.state
        step = PrivateStep(
            plan,
            corpus: corpus,
            state: state,
            parallel: ParallelFor(threadCount: model.threadCount)
        )
        count = state.trainedLayout.count
        self.secret = secret
    }

    /// What `count` steps release, whose keys follow from `label`.
    func releases(along direction: [Float], count: Int, label: String) -> ReleaseStatistics {
        var statistics = ReleaseStatistics(along: direction)
        var sum = step.plan.makeSum(count: self.count)
        for draw in 0..<count {
            let gradient = step.release(sum, for: reservation("\(label) \(draw)"))
            gradient.values.withSpan(0..<self.count) { statistics.add($0) }
            sum = gradient.recycled()
        }
        return statistics
    }

    /// The released gradient of one step.
    func release(label: String) -> [Float] {
        let gradient = step.release(step.plan.makeSum(count: count), for: reservation(label))
        return gradient.values.values(0..<count)
    }

    private func reservation(_ label: String) -> Reservation {
        let inputs = StepInputs(runIdentifier: "audit", label: label, domain: "audit")
        return .unrecorded(StepKey(secret: secret, inputs: inputs))
    }
}
