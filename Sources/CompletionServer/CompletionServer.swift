import FlyingSocks
import Foundation
package import Messages
import Synchronization

/// Serves a model through OpenAI's completion interface, on 127.0.0.1 only.
///
/// | request                | answer                                                        |
/// | GET /v1/models         | the one model; with its name after that, the same             |
/// | POST /v1/completions   | `prompt` (one or several, in text or token ids), `n`,         |
/// |                        | `max_tokens` (or `max_completion_tokens`), `temperature`, `top_p`, `top_k`, `stop`,        |
/// |                        | `seed`, `stream`, `stream_options`                            |
///
/// - What cannot be answered as it was asked is refused: a prompt longer than the context, fields that
///   are not known here, another `model`.
/// - A stream is server-sent events: of each choice (`index`) the next piece of its text as it is
///   drawn, whole Unicode scalars and nothing of a stop text, with `finish_reason` in its last event;
///   the numbers of tokens if `stream_options` asks for `include_usage`; then `[DONE]`. All pieces of a
///   choice are the text that the same seed gives without streaming.
/// - Nothing is logged and nothing is written: prompts may be anything.
/// - No client costs more than `ServerLimits` says, and none keeps others out: `ConnectionTable`. A
///   client that hangs up ends the drawing of what it asked for.
/// - A request whose `Host` is not this machine is refused, so that a web page cannot reach the
///   server through a name of its own (DNS rebinding).
package final class CompletionServer: Sendable {
    private let listener: Socket
    private let pool = SocketPool<ePoll>.ePoll()
    private let connections: ConnectionTable
    private let serving = Mutex<Task<Void, any Error>?>(nil)
    /// The port it listens on.
    package let port: UInt16

    /// Begins to listen; clients wait until it runs.
    ///
    /// - Parameters:
    ///   - model: What completes.
    ///   - port: 0 for any that is free.
    ///   - limits: What one client may cost.
    /// - Throws: `CompletionServerError.portUnavailable`.
    package init(
        _ model: CompletionModel,
        port: UInt16,
        limits: ServerLimits = ServerLimits()
    ) throws(CompletionServerError) {
        do {
            (listener, self.port) = try Self.listen(port)
        } catch {
            throw .portUnavailable(port: port)
        }
        connections = ConnectionTable(
            pool: pool,
            handlers: CompletionHandlers(model),
            limits: limits
        )
    }

    private static func listen(_ port: UInt16) throws -> (Socket, port: UInt16) {
        let socket = try Socket(domain: AF_INET, type: .stream)
        do {
            try socket.setValue(true, for: .localAddressReuse)
            try socket.bind(to: try sockaddr_in.inet(ip4: "127.0.0.1", port: port))
        } catch {
            try? socket.close()
            throw error
        }
        // Closes it if it fails.
        try socket.listen()
        guard case .ip4(_, let bound) = try socket.sockname() else { return (socket, port) }
        return (socket, bound)
    }

    /// How many connections are open.
    var connectionCount: Int { connections.count }

    /// Serves until the task is cancelled.
    ///
    /// - Throws: `CompletionServerError`; `CancellationError`.
    package func run() async throws {
        let task = Task { try await serve() }
        serving.withLock { $0 = task }
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Ends serving; `run` throws `CancellationError`.
    package func stop() async {
        let task = serving.withLock(\.self)
        task?.cancel()
        _ = await task?.result
    }

    private func serve() async throws {
        defer { try? listener.close() }
        do {
            try await pool.prepare()
            let socket = try AsyncSocket(socket: listener, pool: pool)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { [pool] in try await pool.run() }
                group.addTask { try await self.accept(from: socket) }
                defer { group.cancelAll() }
                do { try await group.next() } catch {
                    await connections.close()
                    throw error
                }
            }
        } catch {
            try Task.checkCancellation()
            throw CompletionServerError.pollingFailed
        }
    }

    /// Takes connections; those that fail meanwhile, or find no descriptor free, are passed over.
    private func accept(from listener: AsyncSocket) async throws {
        while true {
            try Task.checkCancellation()
            do { connections.add(try await listener.accept()) } catch is SocketError {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}

/// What one client may cost the server: bytes, and time to wait for it.
package struct ServerLimits: Sendable {
    /// Connections at a time.
    ///
    /// One more takes the place of the one that has waited longest without a
    /// whole request; if all have one, it is told 503.
    package var connections = 128
    /// The first line of a request; longer ones are told 414.
    package var requestLineBytes = 8_192
    /// First line and header fields together; longer ones are told 431.
    package var headBytes = 32_768
    /// Header fields, and trailer fields after a body in chunks; more are told 431.
    package var fieldCount = 100
    /// The body; longer ones are told 413.
    package var bodyBytes = 1 << 20
    /// From the end of an answer, or the connection, to the first byte of a request.
    package var idleTime = Duration.seconds(60)
    /// From the first byte of a request to the end of its header fields; who is slower is told 408.
    package var headTime = Duration.seconds(10)
    /// From there to the end of the body; who is slower is told 408.
    package var bodyTime = Duration.seconds(30)
    /// Without a byte of an answer taken by the client.
    package var writeStallTime = Duration.seconds(30)
    /// For a client that is refused to take note of it, before its connection is closed.
    package var lingerTime = Duration.seconds(1)

    /// The limits of `dpscribe serve`.
    package init() {}
}

/// Why the server cannot run.
package enum CompletionServerError: Equatable, Explained {
    /// The port cannot be had.
    case portUnavailable(port: UInt16)
    /// The system no longer tells which connections have something to read.
    case pollingFailed

    /// What, where, what to do.
    package var explanation: Message {
        switch self {
        case .portUnavailable(let port):
            "port \(port) of 127.0.0.1 cannot be had. Choose another with \(.port), or 0 for any."
        case .pollingFailed: "the server's connections failed. Start it again."
        }
    }
}
