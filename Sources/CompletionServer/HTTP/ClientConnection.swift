import FlyingSocks
import Foundation
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

/// Answers the requests of one client, in their order, until one of both ends it.
struct ClientConnection: Sendable {
    /// What a connection is at, for those who look for one to end.
    enum Phase: Sendable {
        /// No whole request is there.
        case waiting
        case answering
    }

    private let socket: ClientSocket
    private let handlers: CompletionHandlers
    private let limits: ServerLimits
    private let enter: @Sendable (Phase) -> Void

    /// Serves a connection.
    ///
    /// - Parameters:
    ///   - socket: The client's.
    ///   - pool: What wakes those who wait for it.
    ///   - handlers: What answers.
    ///   - limits: What the client may cost.
    ///   - enter: Is told each phase.
    init(
        _ socket: AsyncSocket,
        pool: SocketPool<ePoll>,
        handlers: CompletionHandlers,
        limits: ServerLimits,
        enter: @escaping @Sendable (Phase) -> Void
    ) {
        self.socket = ClientSocket(socket, pool: pool, limits: limits)
        self.handlers = handlers
        self.limits = limits
        self.enter = enter
    }

    /// Serves until the connection ends, and closes it.
    func serve() async {
        do { while try await serveRequest() { enter(.waiting) } } catch {}
        await socket.close()
    }

    /// Tells a client that there are too many, and closes its connection.
    func refuse() async {
        let full = RequestRefusal(.unavailable, "too many connections; try again later")
        try? await send(refusal: full)
        await socket.close()
    }

    /// Answers one request; false if the connection ends with it.
    private func serveRequest() async throws -> Bool {
        let socket = socket
        try await withDeadline(limits.idleTime) { try await socket.waitForRequest() }
        let head: RequestHead
        let body: [UInt8]
        do {
            head = try await withDeadline(limits.headTime) { try await socket.head() }
            body = try await withDeadline(limits.bodyTime) { [head] in
                try await socket.body(after: head)
            }
        } catch let refusal as RequestRefusal {
            try await send(refusal: refusal)
            return false
        } catch is DeadlineExceeded {
            try await send(refusal: RequestRefusal(.requestTimeout, "the request came too slowly"))
            return false
        }
        enter(.answering)
        let keepsAlive = try await unlessHungUp { [handlers] in
            let response = await handlers.answer(head, body)
            return try await send(response, to: head)
        }
        if !keepsAlive { await socket.linger() }
        return keepsAlive
    }

    /// Does something unless the client hangs up before its end, which ends it, drawing included.
    ///
    /// A client that only stops sending (`shutdown`) cannot be told from one that is gone.
    private func unlessHungUp<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let socket = socket
        return try await withThrowingTaskGroup(of: Result.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await work() }
            group.addTask {
                try await socket.waitForHangUp()
                throw CancellationError()
            }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }

    /// Sends an answer.
    ///
    /// - Returns: Whether another request may come.
    private func send(_ response: Response, to head: RequestHead) async throws -> Bool {
        let hasBody = head.method != "HEAD"
        var isLast = !head.keepsAlive
        if case .events = response.body, !head.takesChunks { isLast = true }
        let text = response.head(isLast: isLast, isChunked: head.takesChunks)
        switch response.body {
        case .bytes(let bytes):
            try await socket.write(Data(text.utf8) + (hasBody ? bytes : []))
        case .events(let events):
            try await socket.write(Data(text.utf8))
            guard hasBody else { break }
            for try await event in events {
                try await socket.write(head.takesChunks ? Self.chunk(event) : Data(event))
            }
            if head.takesChunks { try await socket.write(Data("0\r\n\r\n".utf8)) }
        }
        return !isLast
    }

    private static func chunk(_ bytes: [UInt8]) -> Data {
        Data("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Data("\r\n".utf8)
    }

    private func send(refusal: RequestRefusal) async throws {
        var response = Response.json(refusal.status, ErrorReply(refusal.message))
        if refusal.status == .unavailable { response.fields.append(("Retry-After", "1")) }
        guard case .bytes(let bytes) = response.body else { return }
        let head = response.head(isLast: true, isChunked: false)
        try await socket.write(Data(head.utf8) + bytes)
        await socket.linger()
    }
}
