import Foundation

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
