extension BytePairTokenizer {
    /// A tokenizer as a GGUF file spells it.
    ///
    /// - Parameters:
    ///   - spellings: The tokens by id; control tokens as they are, others in the byte alphabet.
    ///   - merges: The two parts of each merge with a space between, lowest rank first.
    ///   - controls: The ids of control tokens.
    ///   - pattern: llama.cpp's name of the pattern that text is cut by.
    ///   - beginning: The id that begins a text; without it that of the end.
    ///   - ending: The id that ends one.
    ///   - beginsEveryText: Whether the first stands before texts with labels, too.
    ///   - path: The file to name in errors.
    /// - Throws: `CorpusError.malformedFile` that says what is wrong or not supported.
    package init(
        spellings: [[UInt8]],
        merges: [[UInt8]],
        controls: Set<Int>,
        pattern: String,
        beginning: Int?,
        ending: Int?,
        beginsEveryText: Bool,
        path: String
    ) throws(CorpusError) {
        guard let cut = Self.pattern(named: pattern) else {
            throw .malformedFile(
                path: path,
                problem: "text is to be cut as \(pattern) does; only gpt-2, smollm, llama-bpe and "
                    + "qwen2 are supported"
            )
        }
        guard let ending, spellings.indices.contains(ending),
            spellings.indices.contains(beginning ?? ending)
        else {
            throw .malformedFile(path: path, problem: "it names no token that ends a text")
        }
        var pairs: [(left: [UInt8], right: [UInt8])] = []
        for (rank, merge) in merges.enumerated() {
            guard let pair = VocabularyFiles.pair(merge[...]) else {
                throw .malformedFile(path: path, problem: "merge \(rank + 1) is not two tokens")
            }
            pairs.append(pair)
        }
        let special = controls.union([ending, beginning ?? ending]).sorted()
        let vocabulary = try Vocabulary(
            entries: spellings.enumerated().map { (spelling: $1, id: $0) },
            standalone: Set(special.map { spellings[$0] }),
            merges: pairs,
            requiresEveryByte: cut == .gpt2,
            path: path
        )
        var description = TokenizerDescription(
            vocabulary,
            added: special.map { AddedToken(spellings[$0], id: $0, isSpecial: true) },
            beginningOfText: Int32(beginning ?? ending),
            endOfText: Int32(ending),
            endings: [Int32(ending)]
        )
        description.preTokenizer.pattern = cut
        description.ignoresMerges = cut == .llama3
        description.composesCharacters = cut == .qwen2
        description.postProcessor.beginsEveryText = beginsEveryText
        self.init(description)
    }

    private static func pattern(named name: String) -> SplitPattern? {
        switch name {
        case "gpt-2", "gpt2": .gpt2
        case "smollm": .digits
        case "llama-bpe", "llama3", "llama-v3": .llama3
        case "qwen2": .qwen2
        default: nil
        }
    }
}
