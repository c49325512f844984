/// The tokens of a byte-level BPE and its merges, checked for being one.
///
/// Guarantees, or an error instead:
/// - ids are 0..<n, each once, and no two tokens that merges can make are the same bytes;
/// - each of the 256 bytes is a token;
/// - every merge's two parts and its result are tokens, and no pair has two ranks.
struct Vocabulary: Sendable {
    /// The bytes of each token, by id; a standalone token is its own spelling.
    let tokens: [[UInt8]]
    /// The merges as token ids, lowest rank first.
    let merges: [(left: Int32, right: Int32)]
    /// The ids that no merge makes and no byte is: special and other added tokens.
    let standalone: Set<Int32>

    /// The spelling of the token that ends a text where nothing else is named.
    static let endOfTextSpelling = Array("<|endoftext|>".utf8)
    /// The most tokens that are accepted.
    static let sizeLimit = 1 << 20

    /// Checks a vocabulary as files spell it.
    ///
    /// - Parameters:
    ///   - entries: Each token's spelling in the byte alphabet, and its id.
    ///   - standalone: The spellings of tokens that stand for themselves.
    ///   - merges: The two parts of each merge as spelled, lowest rank first.
    ///   - path: The file to name in errors.
    /// - Throws: `malformedFile` that says which guarantee does not hold.
    init(
        entries: [(spelling: [UInt8], id: Int)],
        standalone: Set<[UInt8]>,
        merges: [(left: [UInt8], right: [UInt8])],
        path: String
    ) throws(CorpusError) {
        var reader = VocabularyReader(path: path, count: entries.count)
        try reader.add(entries, standalone: standalone)
        try reader.checkBytes()
        tokens = reader.tokens
        self.standalone = reader.standalone
        self.merges = try reader.merges(merges)
    }

    /// A vocabulary trained here: the 256 bytes in GPT-2's order, merges, end-of-text.
    init(trainedMerges merges: [(left: Int32, right: Int32)], tokens: [[UInt8]]) {
        self.merges = merges
        self.tokens = tokens + [Self.endOfTextSpelling]
        standalone = [Int32(tokens.count)]
    }
}
