/// The vocabulary, merges and added tokens as a folder's files spell them, not yet held to one another.
struct TokenizerSource {
    /// The file to name in errors.
    let path: String
    /// Each token's spelling and id, added tokens included once `add` was called for them.
    var entries: [(spelling: [UInt8], id: Int)]
    /// The two parts of each merge, lowest rank first.
    let merges: [(left: [UInt8], right: [UInt8])]
    /// Tokens beside those that merges make.
    private(set) var added: [AddedToken] = []
    /// Where text is cut.
    var pattern = SplitPattern.gpt2
    /// Whether text is brought into normal form C.
    var composesCharacters = false
    /// Whether a piece that is a token is not merged.
    var ignoresMerges = false
    /// What the pre-tokenizer says; nil if nothing does.
    var addsPrefixSpace: Bool?
    /// The tokens that the post-processor puts before and behind a text.
    var template: (before: [[UInt8]], after: [[UInt8]]) = ([], [])
    private var ids: [[UInt8]: Int]

    init(
        path: String,
        entries: [(spelling: [UInt8], id: Int)],
        merges: [(left: [UInt8], right: [UInt8])]
    ) {
        self.path = path
        self.entries = entries
        self.merges = merges
        ids = Dictionary(entries.map { ($0.spelling, $0.id) }, uniquingKeysWith: { $1 })
    }

    /// The id of a token by its spelling.
    func id(of spelling: [UInt8]) -> Int? { ids[spelling] }

    /// Adds a token that another file names, or holds it to what is known of it.
    ///
    /// - Throws: `malformedFile` that names `path` if it has another id, or is found otherwise in text.
    mutating func add(_ token: AddedToken, from path: String) throws(CorpusError) {
        if let known = ids[token.content] {
            guard known == token.id else {
                throw .malformedFile(
                    path: path,
                    problem: "added token \(token.id) has id \(known) too"
                )
            }
        } else {
            ids[token.content] = token.id
            entries.append((token.content, token.id))
        }
        guard let place = added.firstIndex(where: { $0.id == token.id }) else {
            return added.append(token)
        }
        var (a, b) = (added[place], token)
        (a.isSpecial, b.isSpecial) = (a.isSpecial || b.isSpecial, a.isSpecial || b.isSpecial)
        guard a == b || a.isSpecial else {
            throw .malformedFile(
                path: path,
                problem: "added token \(token.id) has other flags than in "
                    + "\(self.path); save the tokenizer again"
            )
        }
        added[place].isSpecial = a.isSpecial
    }

    /// Makes tokens special: those among the added ones that `isControl` says yes to.
    mutating func markSpecial(_ isControl: (AddedToken) -> Bool) {
        for place in added.indices where isControl(added[place]) { added[place].isSpecial = true }
    }

    /// Whether bytes of text can be that token by the rules of merging alone: a byte or a merge's
    /// part or result.
    ///
    /// Such a token may end a text, as a line feed does, but text that spells it is not kept from it.
    func ordinary(among spellings: Set<[UInt8]>) -> Set<[UInt8]> {
        var found = Set(spellings.filter { ByteAlphabet.decode($0)?.count == 1 })
        for merge in merges {
            for one in [merge.left, merge.right, merge.left + merge.right]
            where spellings.contains(one) { found.insert(one) }
        }
        return found
    }

    /// Holds `vocab.json` and `merges.txt` to the `tokenizer.json` beside them.
    ///
    /// - Throws: `malformedFile` if one says something that the other does not.
    func requireAgrees(with pair: TokenizerSource) throws(CorpusError) {
        let added = Set(self.added.map(\.content))
        let other = pair.entries.first { id(of: $0.spelling) != $0.id }
        let missing = entries.first {
            pair.id(of: $0.spelling) == nil && !added.contains($0.spelling)
        }
        let isSame = merges.elementsEqual(pair.merges) {
            $0.left == $1.left && $0.right == $1.right
        }
        guard other == nil, missing == nil, isSame else {
            throw .malformedFile(
                path: path,
                problem: "it says otherwise than vocab.json and merges.txt beside it"
                    + ((other ?? missing).map { ", of token \($0.id) for one" } ?? "")
                    + "; remove what is out of date"
            )
        }
    }
}
