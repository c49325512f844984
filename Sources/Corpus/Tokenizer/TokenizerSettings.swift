/// What the files beside a vocabulary say about its tokenizer: `tokenizer_config.json`,
/// `special_tokens_map.json`, `added_tokens.json`, and the ids of `config.json` and
/// `generation_config.json`.
///
/// Not used: what concerns decoded text (`clean_up_tokenization_spaces`, `errors`) and lengths
/// (`model_max_length`, padding, truncation): texts stay as they are drawn, and lengths are options.
struct TokenizerSettings {
    /// An id that a configuration names, and where.
    struct NamedID {
        let path: String
        let key: String
        let id: Int
    }

    private let folder: String
    /// Named tokens, each with the file that names it.
    private(set) var added: [(token: AddedToken, path: String)] = []
    /// The spellings of special tokens by role, `eos_token` and the like, with their file.
    private(set) var roles: [String: (spelling: [UInt8], path: String)] = [:]
    private(set) var addsPrefixSpace: Bool?
    private(set) var beginsEveryText = false
    private(set) var className: String?
    private(set) var beginning: NamedID?
    /// The ids that end a text, of `generation_config.json`, else of `config.json`.
    private(set) var endings: [NamedID] = []
    /// The id that `config.json` says ends a text.
    private(set) var modelEnding: NamedID?
    private(set) var padding: [NamedID] = []

    private static let roleNames = [
        "bos_token", "eos_token", "pad_token", "unk_token", "sep_token", "cls_token", "mask_token",
    ]
    /// The id that transformers writes into `config.json` of a GPT-2 unless it is told another.
    private static let defaultID = 50_256

    /// Reads the files of the tokenizer that are there.
    init(folder: String) throws(CorpusError) {
        self.folder = folder
        try readTokenizerConfiguration()
        try readSpecialTokens()
        try readAddedTokens()
    }

    /// Reads the ids that begin, end and pad texts.
    ///
    /// - Parameter count: The ids of the tokenizer, added ones included.
    /// - Throws: `malformedFile` for an id that is no token.
    mutating func readIDs(below count: Int) throws(CorpusError) {
        let model = try read("config.json", knowing: count)
        let generation = try read("generation_config.json", knowing: count)
        beginning = model.beginning ?? generation.beginning
        modelEnding = model.endings.first ?? generation.endings.first
        endings = generation.endings.isEmpty ? model.endings : generation.endings
        padding = model.padding + generation.padding
    }

    private func file(_ name: String) throws(CorpusError) -> (JSONValue, String)? {
        let path = folder + "/" + name
        return InputFile.exists(path) ? (try VocabularyFiles.json(path), path) : nil
    }

    private mutating func readTokenizerConfiguration() throws(CorpusError) {
        guard let (file, path) = try file("tokenizer_config.json") else { return }
        if case .bool(let adds) = file["add_prefix_space"] { addsPrefixSpace = adds }
        beginsEveryText = file["add_bos_token"] == .bool(true)
        if case .string(let name) = file["tokenizer_class"] {
            className = String(decoding: name, as: UTF8.self)
        }
        guard file["do_lower_case"] != .bool(true) else {
            throw .malformedFile(
                path: path,
                problem: "do_lower_case is true; only tokenizers that keep the case are supported"
            )
        }
        if case .object(let members) = file["added_tokens_decoder"] {
            for (key, value) in members {
                guard let id = Int(String(decoding: key, as: UTF8.self)),
                    let token = AddedToken(value, id: id)
                else {
                    throw .malformedFile(path: path, problem: "an added token lacks content or id")
                }
                added.append((token, path))
            }
        }
        try readRoles(file, path)
    }

    private mutating func readSpecialTokens() throws(CorpusError) {
        guard let (file, path) = try file("special_tokens_map.json") else { return }
        try readRoles(file, path)
    }

    /// Tokens without flags: special if they have a role.
    private mutating func readAddedTokens() throws(CorpusError) {
        guard let (file, path) = try file(VocabularyFiles.addedTokensName) else { return }
        let special = Set(roles.values.map(\.spelling))
        let flagged = Set(added.map(\.token.id))
        for (spelling, id) in try VocabularyFiles.entries(of: file, path: path) {
            if flagged.contains(id), added.contains(where: { $0.token.content == spelling }) {
                continue
            }
            let token = AddedToken(spelling, id: id, isSpecial: special.contains(spelling))
            added.append((token, path))
        }
    }

    private mutating func readRoles(_ file: JSONValue, _ path: String) throws(CorpusError) {
        var found = Self.roleNames.map { ($0, file[$0]) }
        if case .array(let more) = file["additional_special_tokens"] {
            found += more.enumerated().map { ("additional_special_tokens \($0)", $1) }
        }
        for (role, value) in found {
            guard let value, case .string(let spelling) = value["content"] ?? value else {
                continue
            }
            if let known = roles[role], known.spelling != spelling {
                throw .malformedFile(
                    path: path,
                    problem: "\(role) is another than in \(known.path); save the tokenizer again"
                )
            }
            if roles[role] == nil { roles[role] = (spelling, path) }
        }
    }

    /// The ids of a configuration.
    ///
    /// - Throws: `malformedFile` for one that is no token: it could neither be read nor drawn.
    private func read(
        _ name: String,
        knowing count: Int
    ) throws(CorpusError) -> (beginning: NamedID?, endings: [NamedID], padding: [NamedID]) {
        guard let (file, path) = try file(name) else { return (nil, [], []) }
        func ids(_ key: String) throws(CorpusError) -> [NamedID] {
            let values: [JSONValue]
            switch file[key] {
            case nil, .null: return []
            case .array(let list): values = list
            case .some(let one): values = [one]
            }
            var found: [NamedID] = []
            for value in values {
                guard let id = value.integer else {
                    throw .malformedFile(path: path, problem: "\(key) is no token id")
                }
                // GPT-2's own, left there for another vocabulary.
                if id == Self.defaultID, id >= count { continue }
                guard (0..<count).contains(id) else {
                    throw .malformedFile(
                        path: path,
                        problem: "\(key) is \(id), but the tokenizer has the ids 0..<\(count); "
                            + "add the token to it or correct the file"
                    )
                }
                found.append(NamedID(path: path, key: key, id: id))
            }
            return found
        }
        return (
            try ids("bos_token_id").first, try ids("eos_token_id"), try ids("pad_token_id")
        )
    }
}
