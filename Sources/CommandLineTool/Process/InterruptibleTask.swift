import Foundation
import Synchronization

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
