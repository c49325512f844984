import Foundation
import PrivateEvolution
import Synchronization

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
