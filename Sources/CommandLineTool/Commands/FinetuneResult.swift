import DifferentialPrivacy
import PrivateTraining

/// What `finetune` prints.
struct FinetuneResult {
    let outcome: FineTuningOutcome
    let run: String
    /// What its texts are worth; nil for a run without labels or with steps left.
    let verdict: VerdictText?

    var json: JSONValue {
        let plan = outcome.plan
        return [
            "epsilon": .number(outcome.epsilon),
            "delta": plan.budget.delta.map { .number($0) } ?? .null,
            "noise_multiplier": .number(plan.noiseMultiplier),
            "sampling_probability": .number(plan.schedule.samplingProbability),
            "steps": .integer(plan.schedule.steps),
            "steps_done": .integer(outcome.stepsDone),
            "max_grad_norm": plan.maxGradNorm.map { .number($0) } ?? .null,
            "checkpoint": .string(outcome.checkpoint),
            "seconds": .number(outcome.seconds),
            "tokens_per_second": .number(outcome.tokensPerSecond),
            "accountant": outcome.accountant.map { .string($0.rawValue) } ?? .null,
            "corpus_epsilon": .number(outcome.corpusEpsilon),
            "not_private": .bool(outcome.notPrivate),
            "label_epsilon": labelEpsilon.map { .number($0) } ?? .null,
            "label_steps_done": outcome.labelProbeSteps.map { .integer($0) } ?? .null,
            "verdict": verdict?.json ?? .null,
        ]
    }

    /// What the label probe costs by itself, as planned; nil without one.
    private var labelEpsilon: Double? {
        guard let probe = outcome.plan.labelProbe else { return nil }
        guard let delta = outcome.plan.budget.delta else { return .infinity }
        return try? PrivacyAccounting.guarantee(of: probe.event, delta: delta).epsilon
    }

    var lines: [String] {
        var lines = [
            "\(outcome.stepsDone) steps in \(ConsoleText.duration(outcome.seconds)),"
                + " \(ConsoleText.rate(outcome.tokensPerSecond)) tokens/s"
        ]
        if let delta = outcome.plan.budget.delta {
            lines.append(
                "epsilon \(ConsoleText.roundedUp(outcome.epsilon)) at delta \(delta), add or remove"
                    + " one, by the \(outcome.accountant?.rawValue ?? "best") accountant"
            )
            lines.append(
                "all runs here on these records together: epsilon "
                    + ConsoleText.roundedUp(outcome.corpusEpsilon)
            )
        }
        if let labelEpsilon {
            lines.append(
                "label probe: epsilon \(ConsoleText.roundedUp(labelEpsilon)) by itself, part of the above"
            )
        }
        if outcome.notPrivate { lines.append("NOT PRIVATE") }
        lines += verdict?.lines ?? []
        return lines + ["wrote \(outcome.checkpoint)"]
    }
}
