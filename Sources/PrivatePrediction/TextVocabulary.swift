package import Corpus

/// What tokens mean for a text of one line.
package struct TextVocabulary: Sendable {
    /// Tokens that have a spelling: ids below it.
    let size: Int
    /// Whether a token ends a text: an end-of-text token, or one with a line end.
    let ends: [Bool]
    private let tokenizer: BytePairTokenizer

    /// Reads all tokens' spellings.
    package init(_ tokenizer: BytePairTokenizer) {
        self.tokenizer = tokenizer
        size = tokenizer.vocabularySize
        let endings = Set([tokenizer.endOfText] + tokenizer.otherEndings)
        ends = (0..<Int32(tokenizer.vocabularySize)).map {
            endings.contains($0) || tokenizer.decode([$0]).contains(0x0A)
        }
    }

    /// The text of tokens that were chosen, the last of which may end it; without spaces around.
    func text(of tokens: [Int32]) -> String {
        var tokens = tokens
        var rest: [UInt8] = []
        if let last = tokens.last, ends[Int(last)] {
            tokens.removeLast()
            rest = Array(tokenizer.decode([last]).prefix { $0 != 0x0A && $0 != 0x0D })
            if last == tokenizer.endOfText || tokenizer.otherEndings.contains(last) { rest = [] }
        }
        let line = (tokenizer.decode(tokens) + rest).map { $0 == 0x0D ? 0x20 : $0 }
        let isSpace = { (byte: UInt8) in byte <= 0x20 }
        let start = line.firstIndex { !isSpace($0) } ?? line.endIndex
        let end = line.lastIndex { !isSpace($0) } ?? start
        return String(decoding: start < line.endIndex ? line[start...end] : [], as: UTF8.self)
    }
}
