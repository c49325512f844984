/// What turns text into ids, in the parts of Hugging Face's `tokenizers`, each checked.
///
/// normalizer → added tokens → pre-tokenizer → model → post-processor. A part has the cases that are
/// computed here; what a folder says beyond them is refused by name when it is read. There is no
/// normalizer yet, and one pattern to cut by.
struct TokenizerDescription: Sendable {
    /// How a text is cut into the pieces within which bytes are merged.
    struct PreTokenizer: Sendable, Equatable {
        /// A space is put before every stretch of text that does not begin with one.
        var addsPrefixSpace = false
    }

    /// What is put around a text.
    struct PostProcessor: Sendable, Equatable {
        /// `beginningOfText` stands before every text, labels or not.
        var beginsEveryText = false
    }

    /// The model: tokens and merges.
    let vocabulary: Vocabulary
    /// Tokens beside those that merges make; those that are not special are found in text.
    var added: [AddedToken]
    var preTokenizer = PreTokenizer()
    var postProcessor = PostProcessor()
    /// The id that stands before a text without labels.
    var beginningOfText: Int32
    /// The id that training puts behind a text.
    var endOfText: Int32
    /// The ids that end a text that is drawn; `endOfText` is among them.
    var endings: [Int32]

    /// The tokenizer of a vocabulary trained here: GPT-2's way, end-of-text the only added token.
    init(trained vocabulary: Vocabulary) {
        let end = vocabulary.tokens.count - 1
        self.vocabulary = vocabulary
        added = [AddedToken(vocabulary.tokens[end], id: end, isSpecial: true)]
        (beginningOfText, endOfText, endings) = (Int32(end), Int32(end), [Int32(end)])
    }

    init(
        _ vocabulary: Vocabulary,
        added: [AddedToken],
        beginningOfText: Int32,
        endOfText: Int32,
        endings: [Int32]
    ) {
        self.vocabulary = vocabulary
        self.added = added
        self.beginningOfText = beginningOfText
        self.endOfText = endOfText
        self.endings = endings
    }

    /// Whether `vocab.json` and `merges.txt` say all there is to say.
    var isPlain: Bool {
        added.map(\.content) == [Vocabulary.endOfTextSpelling] && added[0].isSpecial
            && added[0].id == Int(endOfText) && beginningOfText == endOfText
            && endings == [endOfText] && preTokenizer == PreTokenizer()
            && postProcessor == PostProcessor()
    }
}
