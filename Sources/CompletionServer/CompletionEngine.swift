import Corpus
import Foundation
import LanguageModel
import SeededRandomness
import Synchronization

/// Completes texts one request at a time, off the threads that serve connections.
///
/// A request's texts are drawn together; requests wait for one another in the order they came.
final class CompletionEngine: Sendable {
    private let model: CompletionModel
    private let queue = DispatchQueue(label: "dpscribe.completions")

    init(_ model: CompletionModel) { self.model = model }

    /// The completions of a request: if it is to be streamed in parts as their tokens are drawn, else
    /// each as soon as it is finished.
    ///
    /// Who drops the stream ends the drawing, within a token.
    ///
    /// - Parameters:
    ///   - request: What to draw.
    ///   - prompts: The ids of its prompts, within the context.
    /// - Returns: How many tokens the model reads, those of a prompt once for each copy; the parts.
    func completions(
        _ request: CompletionRequest,
        of prompts: [[Int32]]
    ) -> (promptTokens: Int, AsyncThrowingStream<CompletionPart, any Error>) {
        let tasks = Self.tasks(of: request, prompts)
        let (stream, continuation) = AsyncThrowingStream<CompletionPart, any Error>.makeStream()
        let reader = Reader()
        continuation.onTermination = { _ in reader.isGone.store(true, ordering: .relaxed) }
        queue.async { [model] in
            do {
                try Self.run(tasks, request, model, reader) { continuation.yield($0) }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        return (tasks.reduce(0) { $0 + $1.prompt.count }, stream)
    }

    /// Who reads the completions.
    private final class Reader: Sendable {
        let isGone = Atomic(false)

        func check() throws {
            if isGone.load(ordering: .relaxed) { throw CancellationError() }
        }
    }

    /// The texts to draw; the id of each is its index in the answer.
    private static func tasks(
        of request: CompletionRequest,
        _ prompts: [[Int32]]
    ) -> [GenerationRequest<SplitMix64>] {
        let seed = request.seed ?? UInt64.random(in: .min ... .max)
        return prompts.enumerated().flatMap { place, tokens in
            (0..<request.count).map { copy in
                let index = place * request.count + copy
                return GenerationRequest(
                    id: index,
                    prompt: tokens,
                    generator: SplitMix64(seed: seed, stream: UInt64(index))
                )
            }
        }
    }

    private static func options(
        of request: CompletionRequest,
        _ model: CompletionModel
    ) -> SamplingOptions {
        SamplingOptions(
            temperature: request.temperature,
            topK: request.topK,
            topP: request.topP,
            maximumNewTokens: request.maxTokens,
            endOfText: model.tokenizer.endOfText,
            otherEndings: model.tokenizer.otherEndings,
            vocabularySize: model.tokenizer.vocabularySize
        )
    }

    private static func run(
        _ tasks: [GenerationRequest<SplitMix64>],
        _ request: CompletionRequest,
        _ model: CompletionModel,
        _ reader: Reader,
        tell: (CompletionPart) -> Void
    ) throws {
        let stops = StopSearch(request.stop)
        var texts = tasks.map { _ in CompletionText(stops: stops) }
        var following = tasks.makeIterator()
        try model.generator.generate(options(of: request, model)) {
            try reader.check()
            return following.next()
        } drawn: { id, token in
            try reader.check()
            texts[id].append(model.tokenizer.bytes(of: token))
            if request.isStreaming && !texts[id].isStopped {
                let text = texts[id].take()
                if !text.isEmpty { tell(CompletionPart(index: id, text: text, ending: nil)) }
            }
            return !texts[id].isStopped
        } finished: { drawn in
            texts[drawn.id].end()
            let isStopped = texts[drawn.id].isStopped || drawn.ending == .endOfText
            tell(
                CompletionPart(
                    index: drawn.id,
                    text: texts[drawn.id].take(),
                    ending: CompletionPart.Ending(
                        reason: isStopped ? "stop" : "length",
                        tokenCount: drawn.tokens.count
                    )
                )
            )
        }
    }
}

/// A piece of a completion: the next one, or all of it.
struct CompletionPart: Sendable {
    /// How the whole completion ended.
    struct Ending: Sendable {
        /// "stop" at end-of-text or a stop text, "length" otherwise.
        let reason: String
        /// Tokens drawn for the whole completion.
        let tokenCount: Int
    }

    let index: Int
    let text: String
    /// Nil if more parts follow.
    let ending: Ending?
}
