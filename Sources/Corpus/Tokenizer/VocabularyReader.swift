/// Turns spelled tokens and merges into ids, refusing what is no byte-level BPE.
struct VocabularyReader {
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

    /// Each byte must be a token, or some text could not be encoded.
    func checkBytes() throws(CorpusError) {
        for byte in ByteAlphabet.bytes where ids[[byte]] == nil {
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
