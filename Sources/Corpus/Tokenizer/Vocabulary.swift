/// The tokens of a byte-level BPE and its merges, checked for being one.
///
/// Guarantees, or an error instead:
/// - ids are 0..<n, each once, and no two tokens that merges can make are the same bytes;
/// - each of the 256 bytes is a token, or at least each of ASCII's printable ones and the line feed;
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
    ///   - requiresEveryByte: Whether all 256 bytes must be tokens.
    ///   - path: The file to name in errors.
    /// - Throws: `malformedFile` that says which guarantee does not hold.
    init(
        entries: [(spelling: [UInt8], id: Int)],
        standalone: Set<[UInt8]>,
        merges: [(left: [UInt8], right: [UInt8])],
        requiresEveryByte: Bool = true,
        path: String
    ) throws(CorpusError) {
        var reader = VocabularyReader(path: path, count: entries.count)
        try reader.add(entries, standalone: standalone)
        try reader.check(requiresEveryByte ? ByteAlphabet.bytes : [0x0A] + Array(0x20...0x7E))
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

/// Turns spelled tokens and merges into ids, refusing what is no byte-level BPE.
private struct VocabularyReader {
    private let path: String
    private var spellings: [[UInt8]: Int32] = [:]
    /// The bytes of each token, by id.
    private(set) var tokens: [[UInt8]]
    /// The id of each token that merges can make, by its bytes.
    private(set) var ids: [[UInt8]: Int32] = [:]
    /// The ids of the tokens that stand for themselves.
    private(set) var standalone: Set<Int32> = []

    /// A reader for that many tokens of that file.
    init(path: String, count: Int) {
        self.path = path
        tokens = Array(repeating: [], count: count)
        spellings.reserveCapacity(count)
        ids.reserveCapacity(count)
    }

    private func problem(_ text: String) -> CorpusError {
        .malformedFile(path: path, problem: text)
    }

    /// Takes all tokens; ids must be 0..<n, each once.
    mutating func add(
        _ entries: [(spelling: [UInt8], id: Int)],
        standalone spellings: Set<[UInt8]>
    ) throws(CorpusError) {
        guard entries.count <= Vocabulary.sizeLimit else {
            throw problem(
                "it has \(entries.count) tokens; at most \(Vocabulary.sizeLimit) are read"
            )
        }
        for (spelling, id) in entries {
            guard tokens.indices.contains(id) else {
                throw problem("id \(id) is outside 0..<\(tokens.count); ids must have no gaps")
            }
            guard tokens[id].isEmpty else { throw problem("id \(id) is used twice") }
            guard !spelling.isEmpty else { throw problem("token \(id) is empty") }
            let id32 = Int32(id)
            if spellings.contains(spelling) {
                tokens[id] = spelling
                standalone.insert(id32)
            } else if let bytes = ByteAlphabet.decode(spelling) {
                tokens[id] = bytes
            } else {
                throw problem("token \(id) is not spelled in GPT-2's byte alphabet")
            }
            if !standalone.contains(id32), ids.updateValue(id32, forKey: tokens[id]) != nil {
                throw problem("token \(id) has the same bytes as another")
            }
            self.spellings[spelling] = id32
        }
    }

    /// Each of these bytes must be a token, or some text could not be encoded.
    func check(_ bytes: [UInt8]) throws(CorpusError) {
        for byte in bytes where ids[[byte]] == nil {
            throw problem("byte \(byte) is no token; every byte must be one")
        }
    }

    /// The merges as ids; both parts and the result must be tokens, and no pair may come twice.
    func merges(
        _ spelled: [(left: [UInt8], right: [UInt8])]
    ) throws(CorpusError) -> [(left: Int32, right: Int32)] {
        var merges: [(left: Int32, right: Int32)] = []
        merges.reserveCapacity(spelled.count)
        var seen: Set<UInt64> = []
        seen.reserveCapacity(spelled.count)
        for (rank, pair) in spelled.enumerated() {
            guard let left = spellings[pair.left], let right = spellings[pair.right],
                let result = spellings[pair.left + pair.right],
                standalone.isDisjoint(with: [left, right, result])
            else { throw problem("merge \(rank + 1): a part or the result is no token") }
            guard seen.insert(UInt64(left) << 32 | UInt64(right)).inserted else {
                throw problem("merge \(rank + 1): the pair has a rank already")
            }
            merges.append((left, right))
        }
        return merges
    }
}
