import Foundation
import Synchronization

/// Turns the first SIGINT or SIGTERM into a request to stop; the second ends the process at once.
///
/// Work polls `isRequested` between steps, writes its checkpoint and ends with
/// `CommandStatus.interrupted`. Ending at once is safe too: what a run has reserved stays in its
/// ledger, and its last checkpoint is complete.
enum Interruption {
    private static let signals = Atomic<Int>(0)

    /// Starts listening; before that, the two signals end the process as usual.
    static func listen() {
        // The handler runs between any two instructions: it may touch the counter and nothing else,
        // and the counter must exist before the first signal.
        _ = signals.load(ordering: .relaxed)
        unblock()
        for number in [SIGINT, SIGTERM] {
            _ = signal(number) { _ in
                if Interruption.signals.wrappingAdd(1, ordering: .relaxed).oldValue > 0 {
                    _exit(CommandStatus.interrupted.rawValue)
                }
            }
        }
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
    static var isRequested: Bool { signals.load(ordering: .relaxed) > 0 }
}
