import Foundation

/// What is answered, with OpenAI's names.
struct CompletionReply: Encodable {
    struct Choice: Encodable {
        let text: String
        let index: Int
        /// "stop", "length", or nil while a text is being streamed.
        let finishReason: String?

        private enum CodingKeys: String, CodingKey {
            case text, index
            case finishReason = "finish_reason"
        }

        func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(text, forKey: .text)
            try values.encode(index, forKey: .index)
            // Null, not absent: clients tell the last chunk by it.
            try values.encode(finishReason, forKey: .finishReason)
        }
    }

    struct Usage: Encodable {
        let promptTokens: Int
        let completionTokens: Int
        let totalTokens: Int

        init(promptTokens: Int, completionTokens: Int) {
            self.promptTokens = promptTokens
            self.completionTokens = completionTokens
            totalTokens = promptTokens + completionTokens
        }

        private enum CodingKeys: String, CodingKey {
            case promptTokens = "prompt_tokens"
            case completionTokens = "completion_tokens"
            case totalTokens = "total_tokens"
        }
    }

    let id: String
    let object = "text_completion"
    let created: Int
    let model: String
    let choices: [Choice]
    let usage: Usage?
}

/// The list of models.
struct ModelList: Encodable {
    struct Model: Encodable {
        let id: String
        let object = "model"
        let created = 0
        let ownedBy = "dpscribe"

        private enum CodingKeys: String, CodingKey {
            case id, object, created
            case ownedBy = "owned_by"
        }
    }

    let object = "list"
    let data: [Model]
}

/// What all parts of one answer share.
struct ReplyFrame: Sendable {
    private let id = "cmpl-" + UUID().uuidString.lowercased()
    private let created = Int(Date().timeIntervalSince1970)
    private let model: String

    init(model: String) { self.model = model }

    /// The whole answer, choices in the order of their index.
    func reply(
        _ stream: AsyncThrowingStream<CompletionPart, any Error>,
        promptTokens: Int
    ) async throws -> CompletionReply {
        var parts: [CompletionPart] = []
        for try await part in stream { parts.append(part) }
        parts.sort { $0.index < $1.index }
        let drawn = parts.reduce(0) { $0 + ($1.ending?.tokenCount ?? 0) }
        return reply(parts, usage: .init(promptTokens: promptTokens, completionTokens: drawn))
    }

    /// One event of a stream.
    func reply(_ parts: [CompletionPart], usage: CompletionReply.Usage?) -> CompletionReply {
        CompletionReply(
            id: id,
            created: created,
            model: model,
            choices: parts.map {
                .init(text: $0.text, index: $0.index, finishReason: $0.ending?.reason)
            },
            usage: usage
        )
    }
}

/// The parts of completions as server-sent events, and `[DONE]` at the end.
///
/// An event is made when it can be sent; who drops the events drops the parts, which ends their drawing.
struct EventStream: AsyncSequence, Sendable {
    private let parts: AsyncThrowingStream<CompletionPart, any Error>
    private let frame: ReplyFrame
    private let promptTokens: Int?

    /// Streams the parts; with a number of prompt tokens those of the whole answer follow.
    init(
        _ parts: AsyncThrowingStream<CompletionPart, any Error>,
        frame: ReplyFrame,
        promptTokens: Int?
    ) {
        self.parts = parts
        self.frame = frame
        self.promptTokens = promptTokens
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(parts: parts.makeAsyncIterator(), frame: frame, promptTokens: promptTokens)
    }

    struct Iterator: AsyncIteratorProtocol {
        private var parts: AsyncThrowingStream<CompletionPart, any Error>.Iterator
        private let frame: ReplyFrame
        private var promptTokens: Int?
        private var drawnTokens = 0
        private var isDone = false
        private let encoder = Response.encoder()

        init(
            parts: AsyncThrowingStream<CompletionPart, any Error>.Iterator,
            frame: ReplyFrame,
            promptTokens: Int?
        ) {
            self.parts = parts
            self.frame = frame
            self.promptTokens = promptTokens
        }

        mutating func next() async throws -> [UInt8]? {
            guard !isDone else { return nil }
            if let part = try await parts.next() {
                drawnTokens += part.ending?.tokenCount ?? 0
                return try event(frame.reply([part], usage: nil))
            }
            if let promptTokens {
                self.promptTokens = nil
                let usage = CompletionReply.Usage(
                    promptTokens: promptTokens,
                    completionTokens: drawnTokens
                )
                return try event(frame.reply([], usage: usage))
            }
            isDone = true
            return Array("data: [DONE]\n\n".utf8)
        }

        private func event(_ reply: CompletionReply) throws -> [UInt8] {
            Array("data: ".utf8) + Array(try encoder.encode(reply)) + Array("\n\n".utf8)
        }
    }
}

/// An error, as OpenAI's clients expect it.
struct ErrorReply: Encodable, Error, Equatable {
    struct Detail: Encodable, Equatable {
        let message: String
        let type = "invalid_request_error"
        /// The field of the request that it is about.
        let param: String?
        /// What kind of error it is, for programs.
        let code: String?

        private enum CodingKeys: CodingKey { case message, type, param, code }

        func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(message, forKey: .message)
            try values.encode(type, forKey: .type)
            // Null, not absent, as OpenAI's are.
            try values.encode(param, forKey: .param)
            try values.encode(code, forKey: .code)
        }
    }

    let error: Detail

    init(_ message: String, param: String? = nil, code: String? = nil) {
        error = Detail(message: message, param: param, code: code)
    }

    /// A model that is not here.
    static func unknownModel(served name: String) -> ErrorReply {
        ErrorReply(
            "there is no such model; this server has \(name)",
            param: "model",
            code: "model_not_found"
        )
    }

    /// A prompt that the model cannot see as a whole.
    static func tooLong(promptTokens: Int, maxTokens: Int, contextLength: Int) -> ErrorReply {
        ErrorReply(
            "This model's context is \(contextLength) tokens; the prompt has \(promptTokens) and"
                + " max_tokens asks for \(maxTokens) more. Shorten the prompt.",
            param: "prompt",
            code: "context_length_exceeded"
        )
    }
}
