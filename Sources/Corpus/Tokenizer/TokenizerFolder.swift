/// Opens a tokenizer's folder: all that its files say is honoured, or refused by name.
///
/// - `tokenizer.json` describes the tokenizer if it is there; else `vocab.json` and `merges.txt` do,
///   cut as GPT-2 cuts. With all three, they must agree.
/// - `tokenizer_config.json`, `special_tokens_map.json` and `added_tokens.json` add to that.
/// - Which ids begin and end a text is what the tokenizer's files name, else what `config.json` and
///   `generation_config.json` do, else `<|endoftext|>`.
enum TokenizerFolder {
    /// The classes of transformers that are GPT-2's byte-level BPE without a `tokenizer.json`.
    private static let classes: Set<String> = [
        "GPT2Tokenizer", "GPT2TokenizerFast", "PreTrainedTokenizer", "PreTrainedTokenizerFast",
        "TokenizersBackend",
    ]

    /// Reads the folder.
    ///
    /// - Throws: `noSuchFile`, `unreadable`, `fileTooLarge`, or `malformedFile` that says what is
    ///   wrong or not supported.
    static func read(_ folder: String) throws(CorpusError) -> TokenizerDescription {
        var (source, isDescribed) = try source(folder)
        var settings = try TokenizerSettings(folder: folder)
        if let name = settings.className, !isDescribed, !classes.contains(name) {
            throw .malformedFile(
                path: folder + "/tokenizer_config.json",
                problem:
                    "tokenizer_class is \(shown(name)), which vocab.json and merges.txt do not "
                    + "describe; save the fast tokenizer, which writes tokenizer.json"
            )
        }
        for (token, path) in settings.added { try source.add(token, from: path) }
        try settings.readIDs(below: source.entries.count)
        let controls = try controls(settings, in: &source)
        source.markSpecial { controls.contains($0.content) }
        let vocabulary = try Vocabulary(
            entries: source.entries,
            standalone: standalone(source, controls),
            merges: source.merges,
            // Others have the bytes of the text that they were made from.
            requiresEveryByte: source.pattern == .gpt2,
            path: source.path
        )
        return try description(vocabulary, source, settings)
    }

    /// The files that describe the vocabulary, and whether `tokenizer.json` is among them.
    private static func source(_ folder: String) throws(CorpusError) -> (TokenizerSource, Bool) {
        let files = ["vocab.json", "merges.txt", "tokenizer.json"].map { folder + "/" + $0 }
        let isPair = InputFile.exists(files[0]) && InputFile.exists(files[1])
        guard InputFile.exists(files[2]) else {
            guard isPair else {
                throw .noSuchFile(path: InputFile.exists(files[0]) ? files[1] : files[0])
            }
            return (try VocabularyFiles.read(folder: folder), false)
        }
        let source = try TokenizerJSON.read(path: files[2])
        if isPair { try source.requireAgrees(with: VocabularyFiles.read(folder: folder)) }
        return (source, true)
    }

    /// The spellings of tokens that no text may become: those with a role, and end-of-text.
    ///
    /// - Throws: `malformedFile` for a role whose token has no id.
    private static func controls(
        _ settings: TokenizerSettings,
        in source: inout TokenizerSource
    ) throws(CorpusError) -> Set<[UInt8]> {
        for (role, named) in settings.roles.sorted(by: { $0.key < $1.key })
        where source.id(of: named.spelling) == nil {
            throw .malformedFile(
                path: named.path,
                problem: "\(role) is no token of the vocabulary; save tokenizer and model again "
                    + "after adding it"
            )
        }
        let ids = Set(
            ([settings.beginning].compactMap { $0 } + settings.endings + settings.padding).map(\.id)
                + [settings.modelEnding].compactMap { $0?.id }
        )
        var spellings = Set(settings.roles.values.map(\.spelling))
        spellings.formUnion(source.template.before + source.template.after)
        spellings.insert(Vocabulary.endOfTextSpelling)
        spellings.formUnion(source.entries.lazy.filter { ids.contains($0.id) }.map(\.spelling))
        spellings.formUnion(source.added.lazy.filter(\.isSpecial).map(\.content))
        spellings.subtract(source.ordinary(among: spellings))
        for spelling in spellings.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard let id = source.id(of: spelling) else { continue }
            if !source.added.contains(where: { $0.id == id }) {
                let token = AddedToken(spelling, id: id, isSpecial: true)
                try source.add(token, from: source.path)
            }
        }
        return spellings
    }

    /// The spellings of tokens that merges do not make: control tokens, and added ones that are not in
    /// the model's vocabulary.
    private static func standalone(
        _ source: TokenizerSource,
        _ controls: Set<[UInt8]>
    ) -> Set<[UInt8]> {
        let added = Set(source.added.map(\.content))
        return controls.union(added.subtracting(source.ordinary(among: added)))
    }

    private static func description(
        _ vocabulary: Vocabulary,
        _ source: TokenizerSource,
        _ settings: TokenizerSettings
    ) throws(CorpusError) -> TokenizerDescription {
        func role(_ name: String) -> Int? {
            settings.roles[name].flatMap { source.id(of: $0.spelling) }
        }
        let usual = source.id(of: Vocabulary.endOfTextSpelling)
        /// A line feed may end what is drawn, but not what is trained on.
        func standalone(_ id: Int?) -> Int? {
            id.flatMap { vocabulary.standalone.contains(Int32($0)) ? $0 : nil }
        }
        let (before, after) = source.template
        let model = settings.modelEnding?.id
        let named = role("eos_token") ?? after.first.flatMap { source.id(of: $0) }
        guard let end = named ?? standalone(model) ?? usual else {
            throw .malformedFile(
                path: source.path,
                problem: "it has no token <|endoftext|>, and no eos_token is named beside it"
            )
        }
        let begin =
            role("bos_token") ?? before.first.flatMap { source.id(of: $0) }
            ?? standalone(settings.beginning?.id) ?? end
        for id in [begin, end] where standalone(id) == nil {
            throw .malformedFile(
                path: source.path,
                problem: "token \(id), which is to begin or end a text, is one that text has; name "
                    + "another as bos_token and eos_token"
            )
        }
        var description = TokenizerDescription(
            vocabulary,
            added: source.added.sorted { $0.id < $1.id },
            beginningOfText: Int32(begin),
            endOfText: Int32(end),
            endings: Set(settings.endings.map(\.id) + [end]).sorted().map { Int32($0) }
        )
        description.composesCharacters = source.composesCharacters
        description.ignoresMerges = source.ignoresMerges
        description.preTokenizer.pattern = source.pattern
        description.preTokenizer.addsPrefixSpace = try prefixSpace(source, settings)
        let isTemplate = try beginsEveryText(source, begin: begin, end: end)
        description.postProcessor.beginsEveryText = settings.beginsEveryText || isTemplate
        return description
    }

    private static func prefixSpace(
        _ source: TokenizerSource,
        _ settings: TokenizerSettings
    ) throws(CorpusError) -> Bool {
        if let one = source.addsPrefixSpace, let other = settings.addsPrefixSpace, one != other {
            throw .malformedFile(
                path: source.path,
                problem: "add_prefix_space is \(one), in tokenizer_config.json \(other); make them "
                    + "agree with what the model was trained with"
            )
        }
        return settings.addsPrefixSpace ?? source.addsPrefixSpace ?? false
    }

    /// Whether the post-processor puts the token before every text that begins one; it may put the one
    /// that ends a text behind, as training does.
    private static func beginsEveryText(
        _ source: TokenizerSource,
        begin: Int,
        end: Int
    ) throws(CorpusError) -> Bool {
        let (before, after) = source.template
        guard before.isEmpty || before.map({ source.id(of: $0) }) == [begin],
            after.isEmpty || after.map({ source.id(of: $0) }) == [end]
        else {
            throw .malformedFile(
                path: source.path,
                problem: "its post_processor puts other tokens around a text than bos_token and "
                    + "eos_token, which is not supported"
            )
        }
        return !before.isEmpty
    }

    private static func shown(_ name: String) -> String {
        let kept = name.utf8.prefix(60).map { (0x21..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: kept, as: UTF8.self)
    }
}
