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
