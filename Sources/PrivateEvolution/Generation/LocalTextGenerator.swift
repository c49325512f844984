package import Corpus
import DifferentialPrivacy
package import LanguageModel
import SeededRandomness

/// Proposes texts with a language model of our own.
///
/// - A fresh text continues its class's prefix: the control code, or a prompt.
/// - A variation keeps the first part of its parent and draws the rest again (suffix resampling):
///   a small model that follows no instructions cannot paraphrase or fill gaps.
///
/// A text depends on its task alone, not on the tasks beside it.
package struct LocalTextGenerator: CandidateGenerator {
    /// How often an empty text is drawn again.
    static let attemptLimit = 16

    private let model: TextGenerator
    private let digest: [UInt8]
    private let tokenizer: BytePairTokenizer
    private let prefixes: [[Int32]]
    private let options: SamplingOptions

    /// Uses a model.
    ///
    /// - Parameters:
    ///   - model: Public: not trained on the private corpus.
    ///   - digest: Of its weights and tokenizer.
    ///   - tokenizer: The model's.
    ///   - prefixes: For each class, the tokens that come before a text; at least one each.
    ///   - options: How to draw; `maximumNewTokens` bounds the length of a whole text.
    package init(
        model: TextGenerator,
        digest: [UInt8],
        tokenizer: BytePairTokenizer,
        prefixes: [[Int32]],
        options: SamplingOptions
    ) {
        self.model = model
        self.digest = digest
        self.tokenizer = tokenizer
        self.prefixes = prefixes
        self.options = options
    }

    package var fingerprint: [UInt8] {
        ContentDigest(
            domain: "local-generator",
            fields: [
                ("model", digest), ("options", Array(settings.utf8)),
                ("prefixes", Array("\(prefixes)".utf8)),
            ]
        ).bytes
    }

    /// The options in words that stay as they are, since runs are resumed by them.
    private var settings: String {
        let end = options.endOfText.map { "Optional(\($0))" } ?? "nil"
        let size = options.vocabularySize.map { "Optional(\($0))" } ?? "nil"
        let others = options.otherEndings
        return "SamplingOptions(temperature: \(options.temperature), topK: \(options.topK), topP: "
            + "\(options.topP), maximumNewTokens: \(options.maximumNewTokens), endOfText: \(end), "
            + "vocabularySize: \(size))" + (others.isEmpty ? "" : " \(others)")
    }

    package func generate(
        _ tasks: [GenerationTask<String>],
        deliver: @Sendable (_ number: Int, _ candidate: String) throws -> Void
    ) async throws {
        var open = tasks
        for attempt in 0..<Self.attemptLimit where !open.isEmpty {
            let drafts = open.map { Draft($0, keptTokens: keptTokens(of: $0)) }
            // Texts of about the same length to draw: what is drawn too much is thrown away.
            let groups = Dictionary(grouping: drafts) { (budget($0) + 7) / 8 }
            open = []
            for (size, drafts) in groups.sorted(by: { $0.key > $1.key }) {
                open += try draw(drafts, count: size * 8, attempt: attempt, deliver: deliver)
            }
        }
        guard open.isEmpty else {
            throw PrivateEvolutionError.emptyTexts(count: open.count, attempts: Self.attemptLimit)
        }
    }

    /// What is kept of a task's parent.
    private struct Draft {
        let task: GenerationTask<String>
        let keptTokens: [Int32]

        init(_ task: GenerationTask<String>, keptTokens: [Int32]) {
            self.task = task
            self.keptTokens = keptTokens
        }
    }

    private func keptTokens(of task: GenerationTask<String>) -> [Int32] {
        guard let parent = task.parent else { return [] }
        let tokens = tokenizer.encode(parent).prefix(options.maximumNewTokens)
        // At least one token is drawn again.
        let changed = max(Int((Double(tokens.count) * task.degree).rounded()), 1)
        return Array(tokens.dropLast(changed))
    }

    private func budget(_ draft: Draft) -> Int {
        max(options.maximumNewTokens - draft.keptTokens.count, 1)
    }

    /// Draws the rest of each text; returns the tasks whose texts came out empty.
    private func draw(
        _ drafts: [Draft],
        count: Int,
        attempt: Int,
        deliver: (_ number: Int, _ candidate: String) throws -> Void
    ) throws -> [GenerationTask<String>] {
        var options = options
        options.maximumNewTokens = count
        var empty: [GenerationTask<String>] = []
        var following = 0
        try model.generate(options) { () -> GenerationRequest<SplitMix64>? in
            guard following < drafts.count else { return nil }
            defer { following += 1 }
            let draft = drafts[following]
            return GenerationRequest(
                id: following,
                prompt: prefixes[draft.task.classIndex] + draft.keptTokens,
                generator: SplitMix64(task: draft.task.seed, attempt: attempt)
            )
        } finished: { text in
            try Task.checkCancellation()
            let draft = drafts[text.id]
            let tokens = draft.keptTokens + text.tokens.prefix(budget(draft))
            let candidate = String(decoding: tokenizer.decode(tokens), as: UTF8.self)
            if candidate.utf8.allSatisfy({ $0 <= 0x20 }) {
                empty.append(draft.task)
            } else {
                try deliver(draft.task.number, candidate)
            }
        }
        return empty
    }
}
