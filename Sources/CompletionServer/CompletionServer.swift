import FlyingFox
import FlyingSocks
import Foundation

/// Serves a model through OpenAI's completion interface, on 127.0.0.1 only.
///
/// | request                | answer                                                        |
/// | GET /v1/models         | the one model; with its name after that, the same             |
/// | POST /v1/completions   | `prompt` (one or several, in text or token ids), `n`,         |
/// |                        | `max_tokens`, `temperature`, `top_p`, `top_k`, `stop`,        |
/// |                        | `seed`, `stream`, `stream_options`                            |
///
/// - What cannot be answered as it was asked is refused: a prompt longer than the context, parameters
///   of OpenAI's that would change the answer and are not known here. `model` may be any: there is one.
/// - A stream is server-sent events: of each choice (`index`) the next piece of its text as it is
///   drawn, whole Unicode scalars and nothing of a stop text, with `finish_reason` in its last event;
///   the numbers of tokens if `stream_options` asks for `include_usage`; then `[DONE]`. All pieces of a
///   choice are the text that the same seed gives without streaming.
/// - Nothing is logged and nothing is written: prompts may be anything.
/// - A request whose `Host` is not this machine is refused, so that a web page cannot reach the
///   server through a name of its own (DNS rebinding).
package struct CompletionServer: Sendable {
    /// The longest body of a request, in bytes.
    static let bodyLimit = 1 << 20

    private let server: HTTPServer
    private let port: UInt16

    /// Prepares to serve.
    ///
    /// - Parameters:
    ///   - model: What completes.
    ///   - port: 0 for any that is free.
    /// - Throws: `CompletionServerError.portUnavailable`.
    package init(_ model: CompletionModel, port: UInt16) async throws {
        self.port = port
        guard let address = try? sockaddr_in.inet(ip4: "127.0.0.1", port: port) else {
            throw CompletionServerError.portUnavailable(port: port)
        }
        let handlers = CompletionHandlers(model)
        // A long batch on a slow machine takes its time; who waits decides how long.
        server = HTTPServer(
            address: address,
            timeout: 86_400,
            logger: .disabled
        )
        await server.appendRoute("GET /v1/models") { handlers.models($0) }
        await server.appendRoute("GET /v1/models/*") { handlers.model($0) }
        await server.appendRoute("POST /v1/completions") { await handlers.completions($0) }
        for path in ["/v1/models", "/v1/models/*"] {
            await server.appendRoute(HTTPRoute(path)) { _ in handlers.otherMethod(than: "GET") }
        }
        await server.appendRoute("/v1/completions") { _ in handlers.otherMethod(than: "POST") }
        await server.appendRoute("*") { handlers.unknown($0) }
    }

    /// Serves until the task is cancelled.
    ///
    /// - Throws: `CompletionServerError.portUnavailable`; `CancellationError`.
    package func run() async throws {
        do { try await server.run() } catch is CancellationError {
            throw CancellationError()
        } catch {
            try Task.checkCancellation()
            throw CompletionServerError.portUnavailable(port: port)
        }
    }

    /// The port it listens on, once it does.
    package func listeningPort() async throws -> UInt16 {
        try await server.waitUntilListening(timeout: 30)
        switch await server.listeningAddress {
        case .ip4(_, let port), .ip6(_, let port): return port
        default: throw CompletionServerError.portUnavailable(port: port)
        }
    }

    /// Ends serving; `run` returns or throws.
    package func stop() async { await server.stop(timeout: 1) }
}
