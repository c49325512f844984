/// What turns text into ids, in the parts of Hugging Face's `tokenizers`, each checked.
///
/// normalizer → added tokens → pre-tokenizer → model → post-processor. A part has the cases that are
/// computed here; what a folder says beyond them is refused by name when it is read.
struct TokenizerDescription: Sendable {
    /// How a text is cut into the pieces within which bytes are merged.
    struct PreTokenizer: Sendable, Equatable {
        /// Where text is cut.
        var pattern = SplitPattern.gpt2
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
    /// The normalizer: text is brought into Unicode's normal form C.
    var composesCharacters = false
    var preTokenizer = PreTokenizer()
    /// A piece that is a token is that token, whatever merges make of it.
    var ignoresMerges = false
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

    /// Whether text becomes ids as GPT-2's does, but for added tokens; what else there is only
    /// `tokenizer.json` can say.
    var isCutLikeGPT2: Bool {
        preTokenizer.pattern == .gpt2 && !composesCharacters && !ignoresMerges
    }

    /// Whether `vocab.json` and `merges.txt` say all there is to say.
    var isPlain: Bool {
        added.map(\.content) == [Vocabulary.endOfTextSpelling] && added[0].isSpecial
            && added[0].id == Int(endOfText) && beginningOfText == endOfText
            && endings == [endOfText] && isCutLikeGPT2 && !preTokenizer.addsPrefixSpace
            && postProcessor == PostProcessor()
    }
}

extension TokenizerDescription {
    /// The text of the `tokenizer.json` that says all of it; `tokenizers` gives the same ids with it.
    var json: [UInt8] {
        var text = Array("{\"version\": \"1.0\", \"truncation\": null, \"padding\": null,\n".utf8)
        let tokens = added.map { "  {\"id\": \($0.id), \($0.jsonMembers)}" }
        text += "\"added_tokens\": [\n\(tokens.joined(separator: ",\n"))\n],\n".utf8
        text += "\"normalizer\": \(composesCharacters ? "{\"type\": \"NFC\"}" : "null"),\n".utf8
        text += "\"pre_tokenizer\": \(preTokenizerJSON),\n".utf8
        text += "\"post_processor\": \(postProcessorJSON),\n".utf8
        text += "\"decoder\": \(Self.byteLevel(cutsWords: true)),\n".utf8
        text += "\"model\": {\"type\": \"BPE\", \"dropout\": null, \"unk_token\": null, ".utf8
        text += "\"continuing_subword_prefix\": null, \"end_of_word_suffix\": null, ".utf8
        text += "\"fuse_unk\": false, \"byte_fallback\": false, ".utf8
        text += "\"ignore_merges\": \(ignoresMerges),\n\"vocab\": {".utf8
        // Added ones, too: `tokenizers` gives those that are not there ids of its own.
        for id in vocabulary.tokens.indices {
            if id > 0 { text.append(0x2C) }
            JSONText.appendString(spelling(Int32(id)), to: &text)
            text += ": \(id)".utf8
        }
        text += "},\n\"merges\": [".utf8
        for (rank, merge) in vocabulary.merges.enumerated() {
            text += (rank > 0 ? ",[" : "[").utf8
            JSONText.appendString(spelling(merge.left), to: &text)
            text.append(0x2C)
            JSONText.appendString(spelling(merge.right), to: &text)
            text.append(0x5D)
        }
        return text + Array("]}}\n".utf8)
    }

    private func spelling(_ id: Int32) -> [UInt8] {
        let token = vocabulary.tokens[Int(id)]
        return vocabulary.standalone.contains(id) ? token : ByteAlphabet.encode(token)
    }

    private var preTokenizerJSON: String {
        let first: String
        switch preTokenizer.pattern {
        case .gpt2:
            return Self.byteLevel(cutsWords: true, addsPrefixSpace: preTokenizer.addsPrefixSpace)
        case .digits: first = "{\"type\": \"Digits\", \"individual_digits\": true}"
        case .llama3, .qwen2:
            let expression = JSONText.quoted(Array((preTokenizer.pattern.expression ?? "").utf8))
            first =
                "{\"type\": \"Split\", \"pattern\": {\"Regex\": \(expression)}, "
                + "\"behavior\": \"Isolated\", \"invert\": false}"
        }
        let second = Self.byteLevel(cutsWords: preTokenizer.pattern == .digits)
        return "{\"type\": \"Sequence\", \"pretokenizers\": [\(first), \(second)]}"
    }

    private var postProcessorJSON: String {
        guard postProcessor.beginsEveryText else { return Self.byteLevel(cutsWords: true) }
        let token = vocabulary.tokens[Int(beginningOfText)]
        let name = JSONText.quoted(token)
        let sequence = { (type: Int) in "{\"Sequence\": {\"id\": \"AB\", \"type_id\": \(type)}}" }
        let begin = "{\"SpecialToken\": {\"id\": \(name), \"type_id\": 0}}"
        let single = begin + ", " + sequence(0).replacing("AB", with: "A")
        return "{\"type\": \"TemplateProcessing\", \"single\": [\(single)], "
            + "\"pair\": [\(single), \(sequence(1).replacing("AB", with: "B"))], "
            + "\"special_tokens\": {\(name): {\"id\": \(name), \"ids\": [\(beginningOfText)], "
            + "\"tokens\": [\(name)]}}}"
    }

    private static func byteLevel(cutsWords: Bool, addsPrefixSpace: Bool = false) -> String {
        "{\"type\": \"ByteLevel\", \"add_prefix_space\": \(addsPrefixSpace), "
            + "\"trim_offsets\": true, \"use_regex\": \(cutsWords)}"
    }
}

extension AddedToken {
    /// Content and flags as the members of a JSON object.
    var jsonMembers: String {
        "\"content\": \(JSONText.quoted(content)), \"lstrip\": \(takesSpaceBefore), "
            + "\"normalized\": \(isNormalized), \"rstrip\": \(takesSpaceAfter), "
            + "\"single_word\": \(isWholeWord), \"special\": \(isSpecial)"
    }
}

extension JSONText {
    /// A text in quotation marks, escaped.
    static func quoted(_ text: [UInt8]) -> String {
        var bytes: [UInt8] = []
        appendString(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
