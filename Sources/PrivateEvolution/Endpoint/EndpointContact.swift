import Synchronization

/// Whether an endpoint was ever reached: then its address is right, and failures may pass.
final class EndpointContact: Sendable {
    private let state = Atomic(false)

    /// True from the first answer on, whatever it was.
    var isMade: Bool { state.load(ordering: .relaxed) }

    /// Takes note of an answer.
    func make() { state.store(true, ordering: .relaxed) }
}
