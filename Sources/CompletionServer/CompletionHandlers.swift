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

    /// Answers a request, whatever it is.
    func answer(_ head: RequestHead, _ body: [UInt8]) async -> Response {
        guard isLocal(head) else { return refusal }
        switch (head.method, head.path) {
        case ("GET", "/v1/models"):
            return .json(.ok, ModelList(data: [ModelList.Model(id: model.name)]))
        case ("GET", let path) where path.hasPrefix("/v1/models/"): return self.model(path)
        case ("POST", "/v1/completions"): return await completions(body)
        case (_, "/v1/completions"): return otherMethod(than: "POST")
        case (_, let path) where path == "/v1/models" || path.hasPrefix("/v1/models/"):
            return otherMethod(than: "GET")
        default: return .json(.notFound, ErrorReply("there is /v1/models and /v1/completions"))
        }
    }

    /// The model of that name, if it is the one.
    private func model(_ path: String) -> Response {
        let place = path.dropFirst("/v1/models/".count)
        let name = place.removingPercentEncoding ?? String(place)
        guard place == model.name || name == model.name else {
            return .json(.notFound, ErrorReply.unknownModel(served: model.name))
        }
        return .json(.ok, ModelList.Model(id: model.name))
    }

    /// Says which method a known path takes.
    private func otherMethod(than method: String) -> Response {
        var response = Response.json(
            .methodNotAllowed,
            ErrorReply("only \(method) is answered here")
        )
        response.fields.append(("Allow", method))
        return response
    }

    private func completions(_ body: [UInt8]) async -> Response {
        do throws(ErrorReply) {
            let request = try CompletionRequest.read(Data(body))
            guard model.isCalled(request.model) else {
                return .json(.notFound, ErrorReply.unknownModel(served: model.name))
            }
            return await answer(request, of: try model.tokens(of: request))
        } catch {
            return .json(.badRequest, error)
        }
    }

    private func answer(
        _ request: CompletionRequest,
        of prompts: [[Int32]]
    ) async -> Response {
        let (promptTokens, stream) = engine.completions(request, of: prompts)
        let frame = ReplyFrame(model: model.name)
        guard !request.isStreaming else {
            let events = EventStream(
                stream,
                frame: frame,
                promptTokens: request.includesUsage ? promptTokens : nil
            )
            return Response(
                status: .ok,
                fields: [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")],
                body: .events(events)
            )
        }
        do {
            return .json(.ok, try await frame.reply(stream, promptTokens: promptTokens))
        } catch {
            let message = (error as? GenerationError)?.description ?? "the model failed"
            return .json(.internalFault, ErrorReply(message))
        }
    }

    private func isLocal(_ head: RequestHead) -> Bool {
        guard let host = head["host"] else { return false }
        let name = host.prefix { $0 != ":" }
        return name == "127.0.0.1" || name == "localhost"
    }

    private var refusal: Response {
        .json(.forbidden, ErrorReply("ask for 127.0.0.1 or localhost"))
    }
}
