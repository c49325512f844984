import CLinux
import Foundation
import Synchronization

/// Progress of long work on standard error.
///
/// On a terminal one line is rewritten, at most ten times a second; elsewhere a line appears every
/// ten seconds. Shows only public quantities.
final class ConsoleProgress: Sendable {
    /// What one line says; parts that are nil are left out.
    struct Report: Sendable, Equatable {
        /// What is going on: `fine-tuning`.
        var activity: String
        /// Units done, such as steps or texts.
        var done: Int
        /// Units in all, if known.
        var total: Int?
        /// The budget spent so far.
        var epsilon: Double?
        /// How many units were done when that was computed, if not as many as now.
        var epsilonStep: Int?
        /// Speed with its unit: `14.2k tokens/s`.
        var speed: String?
        /// Seconds left.
        var secondsLeft: Double?
    }

    private struct State {
        var lastShown: Double
        var isLineOpen = false
    }

    private let isSilent: Bool
    private let isTerminal: Bool
    private let state: Mutex<State>

    /// Creates a progress display; `isSilent` for `--quiet`.
    init(isSilent: Bool) {
        self.isSilent = isSilent
        isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
        // Short work says nothing in a log; on a terminal the first line comes at once.
        state = Mutex(State(lastShown: isTerminal ? 0 : ProcessInfo.processInfo.systemUptime))
    }

    /// Shows `report` if enough time has passed since the last one.
    func show(_ report: Report) {
        guard !isSilent else { return }
        let now = ProcessInfo.processInfo.systemUptime
        let interval = isTerminal ? 0.1 : 10
        let isLast = report.done == report.total
        state.withLock { state in
            guard now - state.lastShown >= interval || (isLast && state.isLineOpen) else { return }
            state.lastShown = now
            if isTerminal {
                // Asked each time: windows change. The last column stays free, or the line would wrap.
                let columns = Int(linux_terminal_columns(STDERR_FILENO))
                let line = Self.line(report, columns: (columns > 0 ? columns : 80) - 1)
                write("\r\u{1B}[2K" + line)
                state.isLineOpen = true
            } else {
                write(Self.line(report) + "\n")
            }
        }
    }

    /// Ends the rewritten line, so that what follows starts on its own.
    func finish() {
        state.withLock { state in
            if state.isLineOpen { write("\n") }
            state.isLineOpen = false
        }
    }

    /// Writes a remark on a line of its own.
    func note(_ message: String) {
        guard !isSilent else { return }
        warn(message)
    }

    /// Writes what must be seen on a line of its own, with `--quiet` as well: what a guarantee
    /// depends on.
    func warn(_ message: String) {
        finish()
        write(ConsoleText.printable(message) + "\n")
    }

    /// The line of a report that fits into so many columns.
    ///
    /// Where it is too long it does without speed, then the activity, then the time left; what is done and
    /// the ε of it go last.
    static func line(_ report: Report, columns: Int = .max) -> String {
        let done = report.total.map { "\(report.done)/\($0)" } ?? "\(report.done)"
        let earlier =
            report.epsilonStep.flatMap { $0 == report.done ? nil : " at step \($0)" } ?? ""
        let epsilon = report.epsilon.map { "ε \(ConsoleText.roundedUp($0, digits: 3))" + earlier }
        let left = report.secondsLeft.map { "\(ConsoleText.duration($0)) left" }
        let lines = [
            [report.activity, done, epsilon, report.speed, left],
            [report.activity, done, epsilon, left], [done, epsilon, left], [done, epsilon],
        ].map { $0.compactMap(\.self).joined(separator: "  ") }
        return lines.first { $0.count <= columns } ?? String((lines.last ?? "").prefix(columns))
    }

    private func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
