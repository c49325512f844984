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
        guard let emptyLine else { return [tokenizer.endOfText] + tokenizer.encode(bytes) }
        let text = tokenizer.encode(Array(bytes[(emptyLine + 2)...]))
        guard emptyLine > 0 else { return [tokenizer.endOfText] + text }
        return tokenizer.encode(Array(bytes[..<emptyLine]))
            + [tokenizer.newline, tokenizer.newline] + text
    }
}
