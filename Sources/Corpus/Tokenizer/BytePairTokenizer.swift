/// GPT-2's byte-level byte-pair encoding, of any vocabulary size (Radford and others 2019).
///
/// - `decode(encode(x))` is x for every byte string, UTF-8 or not.
/// - Text is data: bytes that spell `<|endoftext|>` are encoded as the text they are, never as the
///   special token. That is `tiktoken`'s `encode_ordinary`, and `tokenizers` with
///   `encode_special_tokens` on.
/// - The ids of a concatenation are not the concatenation of ids; encode what belongs together.
/// - Time is linear in the text but for single pieces without white space, which take O(n log n).
package struct BytePairTokenizer: Sendable {
    let vocabulary: Vocabulary
    private let byteTokens: [Int32]
    private let merger: PieceMerger
    private let preTokenizer = PreTokenizer()
    private let cache: SharedWordCache

    /// Opens a folder with `vocab.json` and `merges.txt`, or with `tokenizer.json`.
    ///
    /// - Throws: `noSuchFile`, `unreadable`, `fileTooLarge` above 32 MiB, or `malformedFile` that
    ///   says what is wrong.
    package init(folder: String) throws(CorpusError) {
        self.init(vocabulary: try VocabularyFiles.read(folder: folder))
    }

    /// A tokenizer of a vocabulary that has been checked.
    init(vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        var byteTokens = [Int32](repeating: 0, count: 256)
        var ids: [[UInt8]: Int32] = [:]
        for (id, token) in vocabulary.tokens.enumerated() {
            if vocabulary.specials.contains(Int32(id)) { continue }
            ids[token] = Int32(id)
            if token.count == 1 { byteTokens[Int(token[0])] = Int32(id) }
        }
        var table = MergeTable(capacity: vocabulary.merges.count)
        for (rank, merge) in vocabulary.merges.enumerated() {
            let spelled = vocabulary.tokens[Int(merge.left)] + vocabulary.tokens[Int(merge.right)]
            guard let result = ids[spelled] else { continue }
            _ = table.insert(merge.left, merge.right, rank: UInt32(rank), result: result)
        }
        self.byteTokens = byteTokens
        merger = PieceMerger(table: table)
        cache = SharedWordCache()
    }

    /// The number of ids, special tokens included.
    package var vocabularySize: Int { vocabulary.tokens.count }

    /// The id of `<|endoftext|>`, which no text encodes to.
    package var endOfText: Int32 { vocabulary.endOfText }

    /// The id of the token that is one line feed.
    package var newline: Int32 { byteTokens[0x0A] }

    /// The ids of the text, of which nothing is special.
    package func encode(_ utf8: [UInt8]) -> [Int32] {
        var tokens: [Int32] = []
        tokens.reserveCapacity(utf8.count / 3 + 8)
        cache.withCache { cache in
            let bytes = utf8.span
            var start = 0
            while start < bytes.count {
                let end = preTokenizer.pieceEnd(in: bytes, from: start)
                appendPiece(bytes, start..<end, cache: &cache, to: &tokens)
                start = end
            }
        }
        return tokens
    }

    /// The ids of the string's UTF-8.
    package func encode(_ string: String) -> [Int32] { encode(Array(string.utf8)) }

    /// The bytes of the tokens, one after another; a special token gives its spelling.
    ///
    /// Tokens may end within a character: join all bytes before reading them as UTF-8.
    ///
    /// - Precondition: Every id is in 0..<vocabularySize.
    package func decode(_ tokens: [Int32]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(tokens.count * 5)
        for token in tokens { bytes.append(contentsOf: vocabulary.tokens[Int(token)]) }
        return bytes
    }

    /// The bytes that one token stands for.
    ///
    /// - Precondition: The id is in 0..<vocabularySize.
    package func bytes(of token: Int32) -> [UInt8] { vocabulary.tokens[Int(token)] }

    private func appendPiece(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        cache: inout WordCache,
        to tokens: inout [Int32]
    ) {
        guard range.count <= WordCache.longestKey else {
            var piece = range.map { byteTokens[Int(bytes[$0])] }
            merger.merge(&piece)
            tokens.append(contentsOf: piece)
            return
        }
        let hash = WordCache.hash(bytes, range)
        if cache.appendTokens(of: bytes, range, hash: hash, to: &tokens) { return }
        var piece = range.map { byteTokens[Int(bytes[$0])] }
        merger.merge(&piece)
        cache.insert(bytes, range, hash: hash, tokens: piece[...])
        tokens.append(contentsOf: piece)
    }
}
