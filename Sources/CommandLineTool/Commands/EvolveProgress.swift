import DifferentialPrivacy
import Foundation
import PrivateEvolution
import Synchronization

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

/// Shows how far an evolution has come.
final class EvolutionConsole: Sendable {
    private let settings: EvolutionSettings
    private let console: ConsoleProgress
    private let lastRemark = Mutex(-Double.infinity)
    private static let secondsBetweenRemarks = 5.0

    init(settings: EvolutionSettings, _ console: ConsoleProgress) {
        self.settings = settings
        self.console = console
    }

    func show(_ progress: EvolutionProgress) {
        switch progress {
        case .reading(let share):
            let percent = Int(100 * share)
            console.show(.init(activity: "embedding the corpus, %", done: percent, total: 100))
        case .generating(let iteration, let done, let total):
            let activity = "iteration \(iteration) of \(settings.iterations): proposing"
            console.show(.init(activity: activity, done: done, total: total))
        case .voting(let iteration):
            console.show(
                .init(
                    activity: "voting, iteration",
                    done: iteration,
                    total: settings.iterations
                )
            )
        case .waiting(let reason, let seconds):
            remark("the endpoint: \(reason); asking again in \(ConsoleText.duration(seconds))")
        case .promptRefused(let status):
            remark("the endpoint refuses a prompt with status \(status); asking with another")
        case .answerCut(let bytes):
            remark("the endpoint ignores max_tokens: an answer of \(bytes) bytes is cut")
        }
    }

    /// Says something on a line of its own, unless it just has: many requests fail at a time.
    private func remark(_ message: String) {
        let now = ProcessInfo.processInfo.systemUptime
        let isDue = lastRemark.withLock { last in
            guard now - last >= Self.secondsBetweenRemarks else { return false }
            last = now
            return true
        }
        if isDue { console.note(message) }
    }

    func warn(_ message: String) { console.warn(message) }

    func finish() { console.finish() }
}

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
