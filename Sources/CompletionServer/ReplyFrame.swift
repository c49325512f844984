import Foundation

/// What all parts of one answer share.
struct ReplyFrame: Sendable {
    private let id = "cmpl-" + UUID().uuidString.lowercased()
    private let created = Int(Date().timeIntervalSince1970)
    private let model: String

    init(model: String) { self.model = model }

    /// The whole answer, choices in the order of their index.
    func reply(
        _ stream: AsyncThrowingStream<Completion, any Error>,
        promptTokens: Int
    ) async throws -> CompletionReply {
        var completions: [Completion] = []
        for try await completion in stream { completions.append(completion) }
        completions.sort { $0.index < $1.index }
        let drawn = completions.reduce(0) { $0 + $1.tokenCount }
        return CompletionReply(
            id: id,
            created: created,
            model: model,
            choices: completions.map {
                .init(text: $0.text, index: $0.index, finishReason: $0.finishReason)
            },
            usage: .init(
                promptTokens: promptTokens,
                completionTokens: drawn,
                totalTokens: promptTokens + drawn
            )
        )
    }

    /// Server-sent events: one for each text as it is finished, then `[DONE]`.
    func events(
        _ stream: AsyncThrowingStream<Completion, any Error>
    ) -> AsyncThrowingStream<[UInt8], any Error> {
        let (events, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        let task = Task {
            do {
                for try await completion in stream {
                    continuation.yield(try event(completion))
                }
                continuation.yield(Array("data: [DONE]\n\n".utf8))
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        continuation.onTermination = { _ in task.cancel() }
        return events
    }

    private func event(_ completion: Completion) throws -> [UInt8] {
        let chunk = CompletionReply(
            id: id,
            created: created,
            model: model,
            choices: [
                .init(
                    text: completion.text,
                    index: completion.index,
                    finishReason: completion.finishReason
                )
            ],
            usage: nil
        )
        return Array("data: ".utf8) + Array(try JSONEncoder().encode(chunk)) + Array("\n\n".utf8)
    }
}
