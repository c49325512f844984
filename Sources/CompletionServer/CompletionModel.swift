package import Corpus
package import LanguageModel

/// A model to complete texts with.
package struct CompletionModel: Sendable {
    /// The name that clients use.
    package let name: String
    let generator: TextGenerator
    let tokenizer: BytePairTokenizer
    /// The most tokens of a prompt and its completion.
    let contextLength: Int

    /// Serves a model under a name.
    package init(
        name: String,
        generator: TextGenerator,
        tokenizer: BytePairTokenizer,
        contextLength: Int
    ) {
        self.name = name
        self.generator = generator
        self.tokenizer = tokenizer
        self.contextLength = contextLength
    }

    /// Whether a request's `model` means this one: no name, its own, or `default`, which clients send
    /// that have none to choose.
    func isCalled(_ name: String?) -> Bool {
        name == nil || name == "default" || name == self.name
    }

    /// The ids that a request's prompts are for this model.
    ///
    /// - Throws: `ErrorReply` for one that it cannot continue: longer than its context, which leaves no
    ///   token to draw after all of it, without any token, or with ids that are none.
    func tokens(of request: CompletionRequest) throws(ErrorReply) -> [[Int32]] {
        try request.prompts.map { prompt throws(ErrorReply) in
            let tokens =
                switch prompt {
                case .text(let text): tokens(of: text)
                case .tokens(let ids): try checked(ids)
                }
            guard tokens.count <= contextLength else {
                throw .tooLong(
                    promptTokens: tokens.count,
                    maxTokens: request.maxTokens,
                    contextLength: contextLength
                )
            }
            return tokens
        }
    }

    private func checked(_ ids: [Int32]) throws(ErrorReply) -> [Int32] {
        guard !ids.isEmpty else {
            throw ErrorReply("a prompt of token ids needs at least one", param: "prompt")
        }
        let known = 0..<Int32(tokenizer.vocabularySize)
        if let other = ids.first(where: { !known.contains($0) }) {
            throw ErrorReply(
                "token id \(other) of prompt is not in 0..<\(known.upperBound)",
                param: "prompt"
            )
        }
        return ids
    }

    /// The prompt in tokens, as an example of training with the same characters begins.
    ///
    /// - What stands before the first empty line is the control line of labels; the two newlines are
    ///   two tokens, whatever follows (`ExampleEncoder.prefix`), where the tokenizer by itself would
    ///   make one of them at the end and before white space.
    /// - With nothing there, or without an empty line, it is a text without labels: end-of-text
    ///   stands before it.
    func tokens(of prompt: String) -> [Int32] {
        let bytes = Array(prompt.utf8)
        let newline = UInt8(ascii: "\n")
        let emptyLine = bytes.indices.dropLast().first {
            bytes[$0] == newline && bytes[$0 + 1] == newline
        }
        guard let emptyLine else { return [tokenizer.beginningOfText] + tokenizer.encode(bytes) }
        let text = tokenizer.encode(Array(bytes[(emptyLine + 2)...]))
        guard emptyLine > 0 else { return [tokenizer.beginningOfText] + text }
        return (tokenizer.beginsEveryText ? [tokenizer.beginningOfText] : [])
            + tokenizer.encode(Array(bytes[..<emptyLine]))
            + [tokenizer.newline, tokenizer.newline] + text
    }
}
