import Foundation

/// GPT-2's byte-level byte-pair encoding, of any vocabulary size (Radford and others 2019).
///
/// - `decode(encode(x))` is x for every byte string, UTF-8 or not; a folder's prefix space, the white
///   space that belongs to an added token, normalizing, and bytes that are no token are the exceptions.
/// - Text is data: bytes that spell `<|endoftext|>` or another special token are encoded as the text
///   they are, never as the token. That is `tiktoken`'s `encode_ordinary`, and `tokenizers` with
///   `encode_special_tokens` on. Added tokens that are not special are found in text first.
/// - The ids of a concatenation are not the concatenation of ids; encode what belongs together.
/// - Time is linear in the text but for single pieces without white space, which take O(n log n).
package struct BytePairTokenizer: Sendable {
    let description: TokenizerDescription
    /// Added tokens that are found in text, before and after normalising; empty for most.
    private let searches: [AddedTokenSearch]
    /// The token of each byte; −1 for one that is none, which is left out.
    private let byteTokens: [Int32]
    private let merger: PieceMerger
    private let preTokenizer: PreTokenizer
    /// Each token by its bytes, if whole pieces are looked up before merging.
    private let wholeTokens: [[UInt8]: Int32]?
    private let cache: SharedWordCache

    /// Opens a folder with `vocab.json` and `merges.txt`, or with `tokenizer.json`; what
    /// `tokenizer_config.json` and the like say is honoured.
    ///
    /// - Throws: `noSuchFile`, `unreadable`, `fileTooLarge` above 32 MiB, or `malformedFile` that
    ///   says what is wrong or not supported.
    package init(folder: String) throws(CorpusError) {
        self.init(try TokenizerFolder.read(folder))
    }

    /// A tokenizer whose description has been checked.
    init(_ description: TokenizerDescription) {
        self.description = description
        let vocabulary = description.vocabulary
        let hasFindable = description.added.contains { !$0.isSpecial }
        searches = (hasFindable ? [false, true] : []).map { isNormalized in
            AddedTokenSearch(description.added.filter { $0.isNormalized == isNormalized })
        }
        var byteTokens = [Int32](repeating: -1, count: 256)
        var ids: [[UInt8]: Int32] = [:]
        ids.reserveCapacity(vocabulary.tokens.count)
        for (id, token) in vocabulary.tokens.enumerated() {
            if vocabulary.standalone.contains(Int32(id)) { continue }
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
        preTokenizer = PreTokenizer(description.preTokenizer.pattern)
        wholeTokens = description.ignoresMerges ? ids : nil
        merger = PieceMerger(table: table)
        cache = SharedWordCache()
    }

    /// The model: tokens and merges.
    var vocabulary: Vocabulary { description.vocabulary }

    /// The number of ids, special tokens included.
    package var vocabularySize: Int { vocabulary.tokens.count }

    /// The id that ends a text in training, `<|endoftext|>` unless the folder names another.
    package var endOfText: Int32 { description.endOfText }

    /// The id that stands before a text without labels; mostly that of end-of-text.
    package var beginningOfText: Int32 { description.beginningOfText }

    /// Whether it stands before texts with labels, too.
    package var beginsEveryText: Bool { description.postProcessor.beginsEveryText }

    /// The ids beside end-of-text that end a text that is drawn, in order.
    package var otherEndings: [Int32] { description.endings.filter { $0 != endOfText } }

    /// The id of the token that is one line feed.
    package var newline: Int32 { byteTokens[0x0A] }

    /// Whether `decode(encode(x))` is x for every x: no space is put before text, and none belongs to
    /// an added token.
    package var keepsEveryByte: Bool {
        !description.preTokenizer.addsPrefixSpace && !description.composesCharacters
            && byteTokens.allSatisfy { $0 >= 0 }
            && description.added.allSatisfy {
                $0.isSpecial || !($0.takesSpaceBefore || $0.takesSpaceAfter)
            }
    }

    /// The ids of the text, of which nothing is special.
    package func encode(_ utf8: [UInt8]) -> [Int32] {
        var tokens: [Int32] = []
        tokens.reserveCapacity(utf8.count / 3 + 8)
        cache.withCache { cache in
            guard
                !searches.isEmpty || description.preTokenizer.addsPrefixSpace
                    || description.composesCharacters
            else { return appendText(utf8.span, cache: &cache, to: &tokens) }
            append(utf8, searches[...], isComposed: false, cache: &cache, to: &tokens)
        }
        return tokens
    }

    /// The tokens of a text whose added tokens are still to be found by `searches`; the first search
    /// reads it as it is, what follows reads it composed.
    private func append(
        _ text: [UInt8],
        _ searches: ArraySlice<AddedTokenSearch>,
        isComposed: Bool,
        cache: inout WordCache,
        to tokens: inout [Int32]
    ) {
        guard !text.isEmpty else { return }
        let isFirst = searches.count == self.searches.count && !self.searches.isEmpty
        guard isFirst || isComposed || !description.composesCharacters else {
            return append(
                Self.composed(text),
                searches,
                isComposed: true,
                cache: &cache,
                to: &tokens
            )
        }
        guard let search = searches.first else {
            return appendText(spaced(text[...]).span, cache: &cache, to: &tokens)
        }
        for piece in search.pieces(of: text, in: text.indices) {
            if let id = piece.id {
                tokens.append(id)
            } else {
                append(
                    Array(text[piece.range]),
                    searches.dropFirst(),
                    isComposed: isComposed,
                    cache: &cache,
                    to: &tokens
                )
            }
        }
    }

    /// Unicode's normal form C; text that is not UTF-8 stays as it is.
    private static func composed(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(where: { $0 >= 0x80 }),
            let string = String(validating: text, as: UTF8.self)
        else { return text }
        return Array(withSyllables(string.precomposedStringWithCanonicalMapping).utf8)
    }

    /// Joins a Hangul syllable without a final consonant with one that follows (Unicode 3.12), which
    /// Foundation leaves apart.
    private static func withSyllables(_ string: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in string.unicodeScalars {
            guard (0x11A8...0x11C2).contains(scalar.value), let last = scalars.last,
                (0xAC00...0xD7A3).contains(last.value), (last.value - 0xAC00) % 28 == 0,
                let joined = Unicode.Scalar(last.value + scalar.value - 0x11A7)
            else {
                scalars.append(scalar)
                continue
            }
            scalars.removeLast()
            scalars.append(joined)
        }
        return String(scalars)
    }

    /// A stretch of text with the space before it that the folder asks for.
    private func spaced(_ text: ArraySlice<UInt8>) -> [UInt8] {
        let isSpaced = description.preTokenizer.addsPrefixSpace && text.first != 0x20
        return (isSpaced ? [0x20] : []) + text
    }

    private func appendText(
        _ bytes: Span<UInt8>,
        cache: inout WordCache,
        to tokens: inout [Int32]
    ) {
        preTokenizer.forEachPiece(in: bytes) { piece in
            appendPiece(bytes, piece, cache: &cache, to: &tokens)
        }
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
            tokens.append(contentsOf: merged(bytes, range))
            return
        }
        let hash = WordCache.hash(bytes, range)
        if cache.appendTokens(of: bytes, range, hash: hash, to: &tokens) { return }
        let piece = merged(bytes, range)
        cache.insert(bytes, range, hash: hash, tokens: piece[...])
        tokens.append(contentsOf: piece)
    }

    private func merged(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [Int32] {
        if let wholeTokens, let token = wholeTokens[range.map { bytes[$0] }] { return [token] }
        var piece: [Int32] = []
        piece.reserveCapacity(range.count)
        for place in range {
            let token = byteTokens[Int(bytes[place])]
            if token >= 0 { piece.append(token) }
        }
        merger.merge(&piece)
        return piece
    }
}
