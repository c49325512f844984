/// Reads Hugging Face's `tokenizer.json` when it describes a byte-level BPE that is computed here.
///
/// Anything that would give other ids is refused by name: another model, another normalizer than NFC,
/// another pre-tokenizer, post-processor or decoder, dropout.
struct TokenizerJSON {
    private let path: String
    private let file: JSONValue

    /// Reads and checks the file.
    static func read(path: String) throws(CorpusError) -> TokenizerSource {
        try TokenizerJSON(path: path, file: VocabularyFiles.json(path)).source()
    }

    private func source() throws(CorpusError) -> TokenizerSource {
        guard let model = file["model"] else {
            throw .malformedFile(path: path, problem: "it has no \"model\"")
        }
        try check(model)
        let isNFC = isType(file["normalizer"], "NFC")
        guard
            isNFC || isAbsent(file["normalizer"])
                || isEmptySequence(file["normalizer"], "normalizers")
        else { throw refusal("its normalizer \(type(file["normalizer"]))") }
        guard isAbsent(file["decoder"]) || isType(file["decoder"], "ByteLevel") else {
            throw refusal("its decoder \(type(file["decoder"]))")
        }
        var source = TokenizerSource(
            path: path,
            entries: try VocabularyFiles.entries(of: model["vocab"], path: path),
            merges: try Self.merges(model["merges"], path: path)
        )
        source.composesCharacters = isNFC
        source.ignoresMerges = model["ignore_merges"] == .bool(true)
        (source.pattern, source.addsPrefixSpace) = try preTokenizer()
        source.template = try template()
        try addTokens(to: &source)
        return source
    }

    // MARK: What is supported

    private func refusal(_ what: String) -> CorpusError {
        .malformedFile(
            path: path,
            problem: "\(what) is not supported; use a model with GPT-2's byte-level BPE"
        )
    }

    private func isAbsent(_ value: JSONValue?) -> Bool { value == nil || value == .null }

    private func isType(_ value: JSONValue?, _ name: String) -> Bool {
        value?["type"] == .string(Array(name.utf8))
    }

    private func isEmptySequence(_ value: JSONValue?, _ key: String) -> Bool {
        isType(value, "Sequence") && value?[key] == .array([])
    }

    /// A part's type, or of a sequence those of its parts, without what could drive a terminal.
    private func type(_ value: JSONValue?, depth: Int = 0) -> String {
        guard case .string(let name) = value?["type"] else { return "without a type" }
        let kept = name.prefix(40).map { (0x21..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
        let text = String(decoding: kept, as: UTF8.self)
        for key in ["normalizers", "pretokenizers", "processors", "decoders"] where depth == 0 {
            guard case .array(let parts) = value?[key] else { continue }
            return text + " of "
                + parts.prefix(8).map { type($0, depth: 1) }.joined(separator: ", ")
        }
        return text
    }

    private func check(_ model: JSONValue) throws(CorpusError) {
        guard isAbsent(model["type"]) || isType(model, "BPE") else {
            throw refusal("its model \(type(model)), which is not BPE,")
        }
        let dropout = model["dropout"]?.scalarText.flatMap {
            Double(String(decoding: $0, as: UTF8.self))
        }
        guard isAbsent(model["dropout"]) || dropout == 0 else {
            throw refusal("that it uses dropout")
        }
        guard model["byte_fallback"] != .bool(true) else {
            throw refusal("that it falls back to bytes")
        }
        for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
            guard isAbsent(model[key]) || model[key] == .string([]) else {
                throw refusal("its \(key)")
            }
        }
    }

    /// Where the pre-tokenizer cuts, and whether it puts a space before text.
    private func preTokenizer() throws(CorpusError) -> (SplitPattern, addsPrefixSpace: Bool) {
        let cut = file["pre_tokenizer"]
        var parts = [cut ?? .null]
        if isType(cut, "Sequence"), case .array(let all) = cut?["pretokenizers"] { parts = all }
        guard let last = parts.last, isType(last, "ByteLevel"), parts.count <= 2 else {
            throw refusal("its pre_tokenizer \(type(cut)), which is not ByteLevel,")
        }
        let addsPrefixSpace = last["add_prefix_space"] == .bool(true)
        let cutsWords = last["use_regex"] != .bool(false)
        guard parts.count == 2 else {
            guard cutsWords else { throw refusal("that it does not cut into words") }
            return (.gpt2, addsPrefixSpace)
        }
        guard !addsPrefixSpace, let pattern = pattern(of: parts[0], cutsWords: cutsWords) else {
            throw refusal("its pre_tokenizer \(type(cut)) with these settings")
        }
        return (pattern, false)
    }

    /// The pattern of what stands before ByteLevel.
    private func pattern(of part: JSONValue, cutsWords: Bool) -> SplitPattern? {
        if isType(part, "Digits") {
            return cutsWords && part["individual_digits"] == .bool(true) ? .digits : nil
        }
        guard isType(part, "Split"), !cutsWords,
            part["behavior"] == .string(Array("Isolated".utf8)), part["invert"] != .bool(true),
            case .string(let expression) = part["pattern"]?["Regex"]
        else { return nil }
        return SplitPattern.allCases.first {
            $0.expression.map { Array($0.utf8) } == expression
        }
    }

    /// What the post-processor puts around a single text.
    private func template() throws(CorpusError) -> (before: [[UInt8]], after: [[UInt8]]) {
        let processor = file["post_processor"]
        var parts = isAbsent(processor) ? [] : [processor]
        if isType(processor, "Sequence"), case .array(let all) = processor?["processors"] {
            parts = all
        }
        var template: (before: [[UInt8]], after: [[UInt8]]) = ([], [])
        for part in parts where !isType(part, "ByteLevel") {
            guard isType(part, "TemplateProcessing"), case .array(let pieces) = part?["single"]
            else { throw refusal("its post_processor \(type(part))") }
            var isBehind = false
            for piece in pieces {
                if piece["Sequence"] != nil {
                    isBehind = true
                } else if case .string(let name) = piece["SpecialToken"]?["id"] {
                    if isBehind {
                        template.after.append(name)
                    } else {
                        template.before.append(name)
                    }
                } else {
                    throw refusal("a piece of its post_processor")
                }
            }
        }
        return template
    }

    private func addTokens(to source: inout TokenizerSource) throws(CorpusError) {
        guard case .array(let added) = file["added_tokens"] else { return }
        for value in added {
            guard let id = value["id"]?.integer, let token = AddedToken(value, id: id) else {
                throw .malformedFile(path: path, problem: "an added token lacks content or id")
            }
            try source.add(token, from: path)
        }
    }

    /// Merges as `"a b"` or as `["a", "b"]`; both are in use.
    private static func merges(
        _ value: JSONValue?,
        path: String
    ) throws(CorpusError) -> [(left: [UInt8], right: [UInt8])] {
        guard case .array(let elements) = value else {
            throw .malformedFile(path: path, problem: "\"merges\" is not a list")
        }
        var merges: [(left: [UInt8], right: [UInt8])] = []
        merges.reserveCapacity(elements.count)
        for (rank, element) in elements.enumerated() {
            switch element {
            case .string(let line):
                if let pair = VocabularyFiles.pair(line[...]) { merges.append(pair) }
            case .array(let parts):
                if parts.count == 2, case .string(let left) = parts[0],
                    case .string(let right) = parts[1]
                {
                    merges.append((left, right))
                }
            default: break
            }
            guard merges.count == rank + 1 else {
                throw .malformedFile(path: path, problem: "merge \(rank + 1) is not two tokens")
            }
        }
        return merges
    }
}
