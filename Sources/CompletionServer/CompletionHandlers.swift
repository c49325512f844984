import FlyingFox
import Foundation
import LanguageModel

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

    /// The model of that name, if it is the one.
    func model(_ request: HTTPRequest) -> HTTPResponse {
        guard isLocal(request) else { return refusal }
        let place = request.path.split(separator: "/").dropFirst(2).joined(separator: "/")
        guard place == model.name || place.removingPercentEncoding == model.name else {
            let message = "there is no such model; this server has \(model.name)"
            return Self.json(
                .notFound,
                ErrorReply(message, param: "model", code: "model_not_found")
            )
        }
        return Self.json(.ok, ModelList.Model(id: model.name))
    }

    /// Says which method a known path takes.
    func otherMethod(than method: String) -> HTTPResponse {
        var response = Self.json(
            .methodNotAllowed,
            ErrorReply("only \(method) is answered here")
        )
        response.headers[HTTPHeader("Allow")] = method
        return response
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
        do throws(ErrorReply) {
            let parsed = try CompletionRequest.read(body)
            return await answer(parsed, of: try model.tokens(of: parsed))
        } catch {
            return Self.json(.badRequest, error)
        }
    }

    private func answer(
        _ request: CompletionRequest,
        of prompts: [[Int32]]
    ) async -> HTTPResponse {
        let (promptTokens, stream) = engine.completions(request, of: prompts)
        let frame = ReplyFrame(model: model.name)
        guard !request.isStreaming else {
            let events = EventStream(
                stream,
                frame: frame,
                promptTokens: request.includesUsage ? promptTokens : nil
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
            let message = (error as? GenerationError)?.description ?? "the model failed"
            return Self.json(.internalServerError, ErrorReply(message))
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
