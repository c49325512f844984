/// Proposes texts by asking an OpenAI-compatible endpoint: llama.cpp, vLLM, `dpscribe serve`, or a
/// hosted model.
///
/// It sends prompts and candidates, which depend on the corpus through noisy histograms only.
package struct EndpointTextGenerator: CandidateGenerator {
    private let client: EndpointClient
    private let prompts: EndpointPrompts
    private let labels: [String]
    private let concurrency: Int
    private let maximumNewTokens: Int

    /// Uses an endpoint.
    ///
    /// - Parameters:
    ///   - configuration: Where it is and how hard to ask.
    ///   - prompts: What to ask.
    ///   - labels: For each class, what `{labels}` stands for.
    ///   - maximumNewTokens: The longest answer, in the endpoint's tokens.
    package init(
        _ configuration: EndpointConfiguration,
        prompts: EndpointPrompts,
        labels: [String],
        maximumNewTokens: Int
    ) {
        client = EndpointClient(configuration)
        self.prompts = prompts
        self.labels = labels
        concurrency = configuration.concurrency
        self.maximumNewTokens = maximumNewTokens
    }

    package func generate(
        _ tasks: [GenerationTask<String>],
        deliver: @Sendable (_ number: Int, _ candidate: String) throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (Int, String).self) { group in
            var waiting = tasks[...]
            for _ in 0..<concurrency {
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
        var generator = TaskRandomness(seed: task.seed)
        let filled = prompts.filled(
            for: task,
            labels: labels[task.classIndex],
            using: &generator
        )
        let isChat = prompts.api == .chat
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
                stop: prompts.stop,
                maxTokens: maximumNewTokens,
                seed: Int((task.seed &+ UInt64(attempt)) & 0x7FFF_FFFF)
            )
        }
        return filled.beginning + (filled.beginning.isEmpty ? Self.trimmed(answer) : answer)
    }

    /// Without white space at both ends, which prompts ask for and records do not have.
    private static func trimmed(_ text: String) -> String {
        let start = text.drop { $0.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
