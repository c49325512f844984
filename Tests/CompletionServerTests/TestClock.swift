import Synchronization

@testable import PrivateEvolution

/// Time that passes only where somebody waits for it.
final class TestClock: Sendable {
    private struct State {
        var now = ContinuousClock.now
        var waits: [Double] = []
    }

    private let state = Mutex(State())

    /// All waits so far, in seconds.
    var waits: [Double] { state.withLock { $0.waits } }

    var clock: EndpointClock {
        EndpointClock(
            now: { self.state.withLock { $0.now } },
            sleep: { duration in
                try Task.checkCancellation()
                self.state.withLock {
                    $0.now += duration
                    $0.waits.append(duration / .seconds(1))
                }
            }
        )
    }
}
