import DifferentialPrivacy
import Foundation
import SeededRandomness

/// Proposes texts by asking an OpenAI-compatible endpoint: llama.cpp, vLLM, `dpscribe serve`, or a
/// hosted model.
///
/// - It sends prompts and candidates, which depend on the corpus through noisy histograms only.
/// - A prompt that the endpoint refuses is drawn again, with less and less of the parent; if that does
///   not help, a fresh text takes the place of the variation, so that one candidate that a filter
///   dislikes, or that is too long, does not end the run.
/// - An answer longer than 16 bytes for every token asked for, which no tokenizer's text is, is cut
///   there: the endpoint ignores `max_tokens`.
package struct EndpointTextGenerator: CandidateGenerator {
    /// How many prompts for a variation are tried.
    static let variationLimit = 4
    /// How many prompts for a fresh text are tried, in place of a variation or not.
    static let freshLimit = 4

    /// The most bytes of an answer for each token that was asked for.
    static let bytesPerToken = 16

    private let client: EndpointClient
    private let prompts: EndpointPrompts
    private let labels: [String]
    private let configuration: EndpointConfiguration
    private let maximumNewTokens: Int
    private let tokenCount: (@Sendable (String) -> Int)?
    private let observe: @Sendable (EvolutionProgress) -> Void

    /// Uses an endpoint.
    ///
    /// - Parameters:
    ///   - configuration: Where it is and how hard to ask.
    ///   - prompts: What to ask.
    ///   - labels: For each class, what `{labels}` stands for.
    ///   - maximumNewTokens: The longest text, in the endpoint's tokens.
    ///   - tokenCount: How many tokens a text has, as far as is known here. Without it, what is kept
    ///     of a parent counts as its share of the longest text.
    ///   - clock: What waits are measured by.
    ///   - observe: Told of waits and refused prompts; may be called from any thread.
    package init(
        _ configuration: EndpointConfiguration,
        prompts: EndpointPrompts,
        labels: [String],
        maximumNewTokens: Int,
        tokenCount: (@Sendable (String) -> Int)? = nil,
        clock: EndpointClock = .continuous,
        observe: @escaping @Sendable (EvolutionProgress) -> Void = { _ in }
    ) {
        client = EndpointClient(configuration, clock: clock, observe: observe)
        self.prompts = prompts
        self.labels = labels
        self.configuration = configuration
        self.maximumNewTokens = maximumNewTokens
        self.tokenCount = tokenCount
        self.observe = observe
    }

    package var fingerprint: [UInt8] {
        ContentDigest(
            domain: "endpoint-generator",
            fields: [
                ("url", Array(configuration.shownURL.utf8)),
                // Strings and numbers always encode.
                ("prompts", (try? EvolutionFolder.encode(prompts)) ?? []),
                ("labels", labels.flatMap { Array($0.utf8) + [0] }),
                ("longest", Array("\(maximumNewTokens)".utf8)),
            ]
        ).bytes
    }

    package func generate(
        _ tasks: [GenerationTask<String>],
        deliver: @Sendable (_ number: Int, _ candidate: String) throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (Int, String).self) { group in
            var waiting = tasks[...]
            for _ in 0..<configuration.concurrency {
                guard let task = waiting.popFirst() else { break }
                group.addTask { (task.number, try await text(for: task)) }
            }
            while let (number, candidate) = try await group.next() {
                try deliver(number, candidate)
                guard let task = waiting.popFirst() else { continue }
                group.addTask { (task.number, try await text(for: task)) }
            }
        }
    }

    private func text(for task: GenerationTask<String>) async throws -> String {
        let variations = task.parent == nil ? 0 : Self.variationLimit
        var status = 0
        for draw in 0..<variations + Self.freshLimit {
            let more = (1 - task.degree) * Double(draw) / Double(Self.variationLimit)
            let drawn = draw < variations ? task.changing(task.degree + more) : task.fresh
            do {
                return try await text(for: drawn, draw: draw)
            } catch let refusal as EndpointClient.PromptRefused {
                status = refusal.status
                observe(.promptRefused(status: status))
            }
        }
        throw PrivateEvolutionError.promptsRefused(
            url: configuration.shownURL,
            status: status,
            prompts: variations + Self.freshLimit
        )
    }

    /// One prompt and its answer; another draw is another template, gaps and seed.
    private func text(for task: GenerationTask<String>, draw: Int) async throws -> String {
        var generator = SplitMix64(task: task.seed, attempt: draw)
        let filled = prompts.filled(
            for: task,
            labels: labels[task.classIndex],
            using: &generator
        )
        let isChat = prompts.api == .chat
        let limit = budget(filled)
        let answer = try await client.text(
            isChat ? "chat/completions" : "completions",
            seed: task.seed
        ) { attempt in
            EndpointRequest(
                model: prompts.model,
                prompt: isChat ? nil : filled.prompt,
                messages: isChat ? [.init(role: "user", content: filled.prompt)] : nil,
                temperature: prompts.temperature,
                topP: prompts.topP,
                topK: prompts.topK,
                stop: prompts.stop,
                maxTokens: limit,
                seed: Int((task.seed &+ UInt64(draw) << 16 &+ UInt64(attempt)) & 0x7FFF_FFFF)
            )
        }
        let kept = cut(answer, to: limit * Self.bytesPerToken)
        return filled.beginning + (filled.beginning.isEmpty ? Self.trimmed(kept) : kept)
    }

    /// The first characters of an answer that have no more bytes than that together.
    private func cut(_ answer: String, to limit: Int) -> String {
        guard answer.utf8.count > limit else { return answer }
        observe(.answerCut(bytes: answer.utf8.count))
        var size = 0
        return String(
            answer.prefix { character in
                size += character.utf8.count
                return size <= limit
            }
        )
    }

    /// The most tokens to ask for: what is kept counts, too; at least one is drawn.
    private func budget(_ filled: EndpointPrompts.Filled) -> Int {
        guard !filled.beginning.isEmpty else { return maximumNewTokens }
        let share = (Double(maximumNewTokens) * filled.keptShare).rounded(.up)
        let kept = tokenCount.map { $0(filled.beginning) } ?? Int(share)
        return max(maximumNewTokens - kept, 1)
    }

    /// Without white space at both ends, which prompts ask for and records do not have.
    private static func trimmed(_ text: String) -> String {
        let start = text.drop { $0.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}

/// The request and the answer of OpenAI's completions, as far as they are used.
struct EndpointRequest: Encodable {
    struct Message: Codable {
        let role: String
        let content: String
    }

    let model: String
    let prompt: String?
    let messages: [Message]?
    let temperature: Double?
    let topP: Double?
    let topK: Int?
    let stop: [String]?
    let maxTokens: Int
    let seed: Int

    private enum CodingKeys: String, CodingKey {
        case model, prompt, messages, temperature, stop, seed
        case topP = "top_p"
        case topK = "top_k"
        case maxTokens = "max_tokens"
    }
}

/// An answer; fields that are not used may be anything.
struct EndpointReply: Decodable {
    struct Choice: Decodable {
        let text: String?
        let message: EndpointRequest.Message?
    }

    let choices: [Choice]

    /// The first answer's text, if it has any but white space.
    var text: String? {
        guard let choice = choices.first, let text = choice.text ?? choice.message?.content,
            !text.utf8.allSatisfy({ $0 <= 0x20 })
        else { return nil }
        return text
    }
}
