import FlyingFox
import Foundation

/// What is answered to each kind of request.
struct CompletionHandlers: Sendable {
    private let model: CompletionModel
    private let engine: CompletionEngine

    init(_ model: CompletionModel) {
        self.model = model
        engine = CompletionEngine(model)
    }

    func models(_ request: HTTPRequest) -> HTTPResponse {
        guard isLocal(request) else { return refusal }
        return Self.json(.ok, ModelList(data: [ModelList.Model(id: model.name)]))
    }

    func unknown(_ request: HTTPRequest) -> HTTPResponse {
        Self.json(.notFound, ErrorReply("there is /v1/models and /v1/completions"))
    }

    func completions(_ request: HTTPRequest) async -> HTTPResponse {
        guard isLocal(request) else { return refusal }
        guard let body = await body(of: request) else {
            return Self.json(
                .payloadTooLarge,
                ErrorReply("a request has at most 1 MiB")
            )
        }
        guard let parsed = try? JSONDecoder().decode(CompletionRequest.self, from: body) else {
            return Self.json(.badRequest, ErrorReply("the body is not a completion request"))
        }
        if let problem = parsed.problem { return Self.json(.badRequest, ErrorReply(problem)) }
        let (promptTokens, stream) = engine.completions(parsed)
        let frame = ReplyFrame(model: model.name)
        guard !parsed.isStreaming else {
            let events = EventStream(
                stream,
                frame: frame,
                promptTokens: parsed.includesUsage ? promptTokens : nil
            )
            return HTTPResponse(
                statusCode: .ok,
                headers: [
                    .contentType: "text/event-stream", .cacheControl: "no-store",
                ],
                body: HTTPBodySequence(from: ByteChunks(events))
            )
        }
        do {
            return Self.json(.ok, try await frame.reply(stream, promptTokens: promptTokens))
        } catch {
            return Self.json(.internalServerError, ErrorReply("the model failed"))
        }
    }

    /// The body, unless it is longer than the limit.
    private func body(of request: HTTPRequest) async -> Data? {
        var body = Data()
        do {
            for try await piece in request.bodySequence {
                body.append(piece)
                guard body.count <= CompletionServer.bodyLimit else { return nil }
            }
        } catch { return nil }
        return body
    }

    private func isLocal(_ request: HTTPRequest) -> Bool {
        guard let host = request.headers[.host] else { return false }
        let name = host.prefix { $0 != ":" }
        return name == "127.0.0.1" || name == "localhost"
    }

    private var refusal: HTTPResponse {
        Self.json(.forbidden, ErrorReply("ask for 127.0.0.1 or localhost"))
    }

    /// What writes every answer: equal ones in equal bytes.
    static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    static func json(_ status: HTTPStatusCode, _ value: some Encodable) -> HTTPResponse {
        // Values of these types always encode; an empty body would only be a worse message.
        let body = (try? encoder().encode(value)) ?? Data("{}".utf8)
        return HTTPResponse(
            statusCode: status,
            headers: [.contentType: "application/json"],
            body: body
        )
    }
}
