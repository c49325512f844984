import FlyingSocks
import Synchronization

/// The connections that are open, no more than a limit.
///
/// Where there are as many as may be, a new one takes the place of the one that has waited longest
/// without a whole request. So clients that open connections and say nothing, or say it slowly, keep
/// nobody out; those whose requests are being answered are left alone.
final class ConnectionTable: Sendable {
    private struct Entry {
        let task: Task<Void, Never>
        /// When it began to wait, in the order of all such moments; nil while it is answered.
        var waitingSince: UInt64?
    }

    private struct State {
        var entries: [UInt64: Entry] = [:]
        /// Counts connections and moments.
        var clock: UInt64 = 0
        /// Refusals that are being sent.
        var refusals = 0
        /// Tasks of connections that were ended and may not be through.
        var isClosed = false
    }

    private let pool: SocketPool<ePoll>
    private let handlers: CompletionHandlers
    private let limits: ServerLimits
    private let state = Mutex(State())

    init(pool: SocketPool<ePoll>, handlers: CompletionHandlers, limits: ServerLimits) {
        self.pool = pool
        self.handlers = handlers
        self.limits = limits
    }

    /// How many connections are open.
    var count: Int { state.withLock(\.entries.count) }

    /// Serves a connection in a task of its own, or refuses it.
    func add(_ socket: AsyncSocket) {
        let ended = state.withLock { state -> Task<Void, Never>? in
            guard !state.isClosed else {
                try? socket.close()
                return nil
            }
            var ended: Task<Void, Never>?
            if state.entries.count >= limits.connections {
                let waiting = state.entries.filter { $0.value.waitingSince != nil }
                guard
                    let longest = waiting.min(by: {
                        ($0.value.waitingSince ?? 0) < ($1.value.waitingSince ?? 0)
                    })
                else {
                    refuse(socket, &state)
                    return nil
                }
                ended = longest.value.task
                state.entries[longest.key] = nil
            }
            serve(socket, &state)
            return ended
        }
        ended?.cancel()
    }

    /// Ends all connections and waits for their ends.
    func close() async {
        let tasks = state.withLock { state in
            state.isClosed = true
            return state.entries.values.map(\.task)
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    private func serve(_ socket: AsyncSocket, _ state: inout State) {
        state.clock += 1
        let id = state.clock
        let connection = connection(socket) { [weak self] in self?.enter($0, id) }
        let task = Task { [weak self] in
            await connection.serve()
            self?.state.withLock { $0.entries[id] = nil }
        }
        state.entries[id] = Entry(task: task, waitingSince: id)
    }

    /// At most as many refusals as connections are sent at a time; others are just closed.
    private func refuse(_ socket: AsyncSocket, _ state: inout State) {
        guard state.refusals < limits.connections else {
            try? socket.close()
            return
        }
        state.refusals += 1
        let connection = connection(socket) { _ in }
        Task { [weak self] in
            await connection.refuse()
            self?.state.withLock { $0.refusals -= 1 }
        }
    }

    private func connection(
        _ socket: AsyncSocket,
        enter: @escaping @Sendable (ClientConnection.Phase) -> Void
    ) -> ClientConnection {
        ClientConnection(socket, pool: pool, handlers: handlers, limits: limits, enter: enter)
    }

    private func enter(_ phase: ClientConnection.Phase, _ id: UInt64) {
        state.withLock { state in
            state.clock += 1
            state.entries[id]?.waitingSince = phase == .waiting ? state.clock : nil
        }
    }
}
