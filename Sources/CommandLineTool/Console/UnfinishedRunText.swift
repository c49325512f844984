import DifferentialPrivacy
import PrivateTraining

/// What is said of a model that was taken from a run with steps left.
struct UnfinishedRunText {
    private let origin: Provenance
    private let progress: Provenance.Progress

    /// Nil for a finished run, a release, and a plain model.
    init?(_ origin: Provenance?) {
        guard let origin, let progress = origin.progress else { return nil }
        self.origin = origin
        self.progress = progress
    }

    /// Where the run is, what was spent, and what is promised instead.
    var line: String {
        let step = progress.step.map { "step \($0)" } ?? "a step"
        let place =
            "this run is not finished: the weights are those of \(step) of \(progress.steps)"
        guard origin.isPrivate else { return place }
        let (spent, promised) = (progress.spent.epsilon, origin.guarantee.epsilon)
        return place
            + ". Spent so far: epsilon \(ConsoleText.roundedUp(spent)). Promised: epsilon"
            + " \(ConsoleText.roundedUp(promised)) at delta \(origin.guarantee.delta), that of the whole"
            + " plan, as the number of steps may have been chosen by looking at what they gave."
    }

    /// The same for `--json`.
    var members: [JSONValue.Member] {
        [
            .init(key: "finished", value: .bool(false)),
            .init(key: "step", value: progress.step.map { .integer($0) } ?? .null),
            .init(key: "steps", value: .integer(progress.steps)),
            .init(key: "spent_epsilon", value: .number(progress.spent.epsilon)),
            .init(key: "planned_epsilon", value: .number(origin.guarantee.epsilon)),
        ]
    }
}
