import Foundation

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
