import DifferentialPrivacy
import PrivateEvolution

/// What `evolve` prints when it is stopped: its state so far.
struct EvolveProgress {
    private let out: String
    private let seconds: Double
    private let plan: EvolutionPlan
    private let iterationsDone: Int
    private let spent: PrivacyGuarantee?
    private let isPrivate: Bool

    /// Reads the run in `out`; nil if it was stopped before there was one.
    ///
    /// - Throws: `LedgerError`, `PrivacyError`, `PrivateEvolutionError.damagedState`.
    init?(run out: String, seconds: Double) throws {
        guard let record = try RunFolder(path: out).record(checkedBy: .allRuns) else {
            return nil
        }
        self.out = out
        self.seconds = seconds
        plan = try EvolutionPlan.read(from: out, of: record.header)
        iterationsDone = try EvolutionFolder(path: out).iterationsVoted()
        spent = try record.guarantee()
        isPrivate = record.header.isPrivate
    }

    var json: JSONValue {
        [
            "epsilon": .number(spent?.epsilon ?? .infinity),
            "delta": plan.budget.delta.map { .number($0) } ?? .null,
            "noise_multiplier": .number(plan.noiseMultiplier),
            "iterations": .integer(plan.settings.iterations),
            "iterations_done": .integer(iterationsDone),
            "count": .integer(plan.settings.count),
            "out": .string(out),
            "seconds": .number(seconds),
            "not_private": .bool(!isPrivate),
        ]
    }

    var lines: [String] {
        var lines = [
            "\(iterationsDone) of \(plan.settings.iterations) iterations voted on, "
                + ConsoleText.duration(seconds)
        ]
        if let spent {
            lines.append(
                "epsilon so far \(ConsoleText.roundedUp(spent.epsilon)) at delta \(spent.delta), add or"
                    + " remove one"
            )
        }
        return isPrivate ? lines : lines + ["NOT PRIVATE"]
    }
}
