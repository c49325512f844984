import Foundation
import Synchronization

/// Turns the first SIGINT or SIGTERM into a request to stop; a later second one ends the process.
///
/// Work polls `isRequested` between steps, writes its checkpoint and ends with
/// `CommandStatus.interrupted`. Signals that come together are one request: `timeout` and terminals
/// signal both a process and its group. Ending at once is safe too: what a run has reserved stays in
/// its ledger, and its last checkpoint is complete.
enum Interruption {
    /// Milliseconds after the first signal during which others are the same request.
    private static let sameRequest = 2_000
    /// When the first signal came, in milliseconds of the system's clock, at least 1; 0 before that.
    private static let firstSignal = Atomic<Int>(0)
    private static let message = Array(
        "dpscribe: ended at once by a second signal; the last checkpoint and the ledger stand\n"
            .utf8
    )

    /// Starts listening; before that, the two signals end the process as usual.
    static func listen() {
        // The handler runs between any two instructions: it may call what is safe there and nothing
        // else, and what it touches must exist before the first signal.
        _ = firstSignal.load(ordering: .relaxed)
        _ = message.count
        unblock()
        for number in [SIGINT, SIGTERM] {
            _ = signal(number) { _ in Interruption.signalArrived(at: Interruption.now) }
        }
    }

    private static var now: Int {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return max(1, time.tv_sec * 1_000 + time.tv_nsec / 1_000_000)
    }

    private static func signalArrived(at time: Int) {
        let first = firstSignal.compareExchange(
            expected: 0,
            desired: time,
            ordering: .relaxed
        ).original
        guard first != 0, time - first >= sameRequest else { return }
        // A console that takes nothing, such as a stopped terminal, must not hold the process.
        var console = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        if unsafe poll(&console, 1, 0) == 1 {
            _ = unsafe write(STDERR_FILENO, message, message.count)
        }
        _exit(CommandStatus.interrupted.rawValue)
    }

    /// A parent that started this process from a thread with blocked signals has passed that on.
    private static func unblock() {
        var numbers = sigset_t()
        unsafe sigemptyset(&numbers)
        unsafe sigaddset(&numbers, SIGINT)
        unsafe sigaddset(&numbers, SIGTERM)
        _ = unsafe pthread_sigmask(SIG_UNBLOCK, &numbers, nil)
    }

    /// Whether a signal asked the work to stop.
    static var isRequested: Bool { firstSignal.load(ordering: .relaxed) > 0 }
}

/// Asynchronous work of a command, cancelled when a signal asks to stop.
enum InterruptibleTask {
    private final class Outcome<Success: Sendable>: Sendable {
        let result = Mutex<Result<Success, any Error>?>(nil)
        let isThere = DispatchSemaphore(value: 0)
    }

    /// Does the work on other threads and waits for it on this one.
    ///
    /// - Returns: Its result.
    /// - Throws: What it throws; `CancellationError` once it has stopped for a signal.
    static func run<Success: Sendable>(
        _ work: @escaping @Sendable () async throws -> Success
    ) throws -> Success {
        let outcome = Outcome<Success>()
        let task = Task.detached {
            let result: Result<Success, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            outcome.result.withLock { $0 = result }
            outcome.isThere.signal()
        }
        while outcome.isThere.wait(timeout: .now() + 0.1) == .timedOut {
            if Interruption.isRequested { task.cancel() }
        }
        guard let result = outcome.result.withLock({ $0 }) else { throw CancellationError() }
        return try result.get()
    }
}
