import PrivateEvolution

/// Shows how far an evolution has come.
final class EvolutionConsole: Sendable {
    private let settings: EvolutionSettings
    private let console: ConsoleProgress

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
        }
    }

    func warn(_ message: String) { console.warn(message) }

    func finish() { console.finish() }
}
