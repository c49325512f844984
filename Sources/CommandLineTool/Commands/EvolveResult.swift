import DifferentialPrivacy
import PrivateEvolution

/// What `evolve` prints.
struct EvolveResult {
    let outcome: TextEvolutionOutcome
    let out: String
    let seconds: Double

    var json: JSONValue {
        let plan = outcome.plan
        return [
            "epsilon": .number(outcome.guarantee.epsilon),
            "delta": plan.budget.delta.map { .number($0) } ?? .null,
            "noise_multiplier": .number(plan.noiseMultiplier),
            "iterations": .integer(plan.settings.iterations),
            "count": .integer(plan.settings.count),
            "out": .string(out),
            "seconds": .number(seconds),
            "accountant": .string(outcome.guarantee.accountant.rawValue),
            "corpus_epsilon": .number(outcome.corpusEpsilon),
            "not_private": .bool(outcome.notPrivate),
        ]
    }

    var lines: [String] {
        let settings = outcome.plan.settings
        var lines = [
            "\(settings.count) texts after \(settings.iterations) iterations, "
                + ConsoleText.duration(seconds)
        ]
        if let delta = outcome.plan.budget.delta {
            lines.append(
                "epsilon \(ConsoleText.roundedUp(outcome.guarantee.epsilon)) at delta \(delta), add or"
                    + " remove one, by the \(outcome.guarantee.accountant.rawValue) accountant"
            )
            lines.append(
                "all runs here on these records together: epsilon "
                    + ConsoleText.roundedUp(outcome.corpusEpsilon)
            )
        }
        if outcome.notPrivate { lines.append("NOT PRIVATE") }
        return lines + ["wrote \(outcome.output)"]
    }
}
