import FlyingSocks
import Foundation

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
