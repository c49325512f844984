import Corpus
import Foundation
import LanguageModel

/// Completes texts one request at a time, off the threads that serve connections.
///
/// A request's texts are drawn together; requests wait for one another in the order they came.
final class CompletionEngine: Sendable {
    private let model: CompletionModel
    private let queue = DispatchQueue(label: "dpscribe.completions")

    init(_ model: CompletionModel) { self.model = model }

    /// The completions of a request, each as soon as it is finished.
    func completions(
        _ request: CompletionRequest
    ) -> (promptTokens: Int, AsyncThrowingStream<Completion, any Error>) {
        let tasks = tasks(of: request)
        let (stream, continuation) = AsyncThrowingStream<Completion, any Error>.makeStream()
        let (options, stop) = (options(of: request), request.stop)
        queue.async { [model] in
            do {
                try Self.run(tasks, options, stop: stop, model) { completion in
                    if case .terminated = continuation.yield(completion) {
                        throw CancellationError()
                    }
                }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        return (tasks.reduce(0) { $0 + $1.prompt.count }, stream)
    }

    private func options(of request: CompletionRequest) -> SamplingOptions {
        SamplingOptions(
            temperature: request.temperature,
            topK: request.topK,
            topP: request.topP,
            maximumNewTokens: request.maxTokens,
            endOfText: model.tokenizer.endOfText,
            vocabularySize: model.tokenizer.vocabularySize
        )
    }

    private func tasks(of request: CompletionRequest) -> [CompletionTask] {
        let seed = request.seed ?? UInt64.random(in: .min ... .max)
        return request.prompts.enumerated().flatMap { place, prompt in
            let tokens = model.tokens(of: prompt)
            return (0..<request.count).map { copy in
                let index = place * request.count + copy
                return CompletionTask(
                    index: index,
                    prompt: tokens,
                    seed: seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15
                )
            }
        }
    }

    private static func run(
        _ tasks: [CompletionTask],
        _ options: SamplingOptions,
        stop: [String],
        _ model: CompletionModel,
        finished: (Completion) throws -> Void
    ) throws {
        var following = 0
        try model.generator.generate(options) { () -> GenerationRequest<SeededRandomness>? in
            guard following < tasks.count else { return nil }
            defer { following += 1 }
            return GenerationRequest(
                id: following,
                prompt: tasks[following].prompt,
                generator: SeededRandomness(seed: tasks[following].seed)
            )
        } finished: { text in
            let whole = String(decoding: model.tokenizer.decode(text.tokens), as: UTF8.self)
            let cut = Self.cut(whole, at: stop)
            let isStopped = cut != nil || text.ending == .endOfText
            try finished(
                Completion(
                    index: tasks[text.id].index,
                    text: cut ?? whole,
                    tokenCount: text.tokens.count,
                    finishReason: isStopped ? "stop" : "length"
                )
            )
        }
    }

    /// The text before the first of the stop texts; nil if none is in it.
    private static func cut(_ text: String, at stops: [String]) -> String? {
        let ends = stops.compactMap { text.range(of: $0)?.lowerBound }
        return ends.min().map { String(text[..<$0]) }
    }
}
