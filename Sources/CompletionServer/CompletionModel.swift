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

    /// The prompt in tokens; an empty one is end-of-text, which begins every text in training.
    func tokens(of prompt: String) -> [Int32] {
        let tokens = tokenizer.encode(prompt)
        return tokens.isEmpty ? [tokenizer.endOfText] : tokens
    }
}
