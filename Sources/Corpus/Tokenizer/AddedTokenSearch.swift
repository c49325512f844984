/// A token that a tokenizer has beside those that merges make.
///
/// The flags are those of Hugging Face's `tokenizers`.
struct AddedToken: Equatable, Sendable {
    /// What it stands for, in UTF-8.
    let content: [UInt8]
    /// Its id.
    let id: Int
    /// It controls a model: text that spells it is text.
    var isSpecial = false
    /// White space before it belongs to it.
    var takesSpaceBefore = false
    /// White space after it belongs to it.
    var takesSpaceAfter = false
    /// It is found only where no letter, digit or mark touches it.
    var isWholeWord = false
    /// It is found after tokens that are not normalised.
    var isNormalized = true

    /// Reads a token as `tokenizer.json` and `tokenizer_config.json` spell it; nil without content.
    init?(_ value: JSONValue, id: Int) {
        guard case .string(let content) = value["content"], !content.isEmpty else { return nil }
        func flag(_ name: String) -> Bool? { value[name].map { $0 == .bool(true) } }
        self.content = content
        self.id = id
        isSpecial = flag("special") ?? false
        takesSpaceBefore = flag("lstrip") ?? false
        takesSpaceAfter = flag("rstrip") ?? false
        isWholeWord = flag("single_word") ?? false
        isNormalized = flag("normalized") ?? !isSpecial
    }

    /// A token with the flags that a file without flags means.
    init(_ content: [UInt8], id: Int, isSpecial: Bool) {
        self.content = content
        self.id = id
        self.isSpecial = isSpecial
        isNormalized = !isSpecial
    }
}

/// Finds added tokens in text before it is cut into words, as Hugging Face's `tokenizers` does.
///
/// From the left, the longest token that starts at a place is taken. Special tokens are found, and
/// left as the text they are: text never controls a model. That is `tokenizers` with
/// `encode_special_tokens` on. Time is linear in the text for tokens of bounded length.
struct AddedTokenSearch: Sendable {
    /// A piece of a text: an added token, or what lies between two.
    struct Piece: Equatable {
        let range: Range<Int>
        /// Nil for text that is still to be cut.
        let id: Int32?
    }

    private let tokens: [AddedToken]
    /// Nodes of the trie: the token that ends there, and what follows by node and byte.
    private var ends: [Int?] = [nil]
    private var next: [UInt64: Int] = [:]

    /// A search for these tokens, no two with the same content.
    init(_ tokens: [AddedToken]) {
        self.tokens = tokens
        for (place, token) in tokens.enumerated() {
            var node = 0
            for byte in token.content {
                let key = Self.key(node, byte)
                if let known = next[key] {
                    node = known
                } else {
                    ends.append(nil)
                    next[key] = ends.count - 1
                    node = ends.count - 1
                }
            }
            ends[node] = place
        }
    }

    private static func key(_ node: Int, _ byte: UInt8) -> UInt64 {
        UInt64(node) << 8 | UInt64(byte)
    }

    /// The pieces of a part of a text, which is taken for a text of its own; none is empty but where
    /// white space belongs to two tokens.
    func pieces(of text: [UInt8], in range: Range<Int>) -> [Piece] {
        var pieces: [Piece] = []
        var (place, start) = (range.lowerBound, range.lowerBound)
        while place < range.upperBound {
            guard let (token, end) = longest(in: text, at: place, limit: range.upperBound) else {
                place += 1
                continue
            }
            let found = place..<end
            place = end
            guard !token.isSpecial, !token.isWholeWord || isWord(text, found, within: range) else {
                continue
            }
            var (first, last) = (found.lowerBound, found.upperBound)
            if token.takesSpaceBefore {
                first = max(spaceStart(in: text, before: first, limit: range.lowerBound), start)
            }
            if token.takesSpaceAfter {
                last = spaceEnd(in: text, after: last, limit: range.upperBound)
            }
            if start < first { pieces.append(Piece(range: start..<first, id: nil)) }
            pieces.append(Piece(range: min(first, last)..<last, id: Int32(token.id)))
            start = last
        }
        if start < range.upperBound {
            pieces.append(Piece(range: start..<range.upperBound, id: nil))
        }
        return pieces
    }

    private func longest(
        in text: [UInt8],
        at start: Int,
        limit: Int
    ) -> (token: AddedToken, end: Int)? {
        var (node, index) = (0, start)
        var found: (AddedToken, Int)?
        while index < limit, let following = next[Self.key(node, text[index])] {
            (node, index) = (following, index + 1)
            if let place = ends[node] { found = (tokens[place], index) }
        }
        return found
    }

    // MARK: What lies around a token

    private func isWord(_ text: [UInt8], _ found: Range<Int>, within range: Range<Int>) -> Bool {
        let before = scalar(in: text, before: found.lowerBound, limit: range.lowerBound)
        let after =
            found.upperBound < range.upperBound
            ? scalar(in: text, at: found.upperBound, limit: range.upperBound) : nil
        return ![before, after].contains { $0.map { Self.isWordCharacter($0.scalar) } ?? false }
    }

    private func spaceStart(in text: [UInt8], before end: Int, limit: Int) -> Int {
        var index = end
        while let (found, length) = scalar(in: text, before: index, limit: limit),
            found.properties.isWhitespace
        { index -= length }
        return index
    }

    private func spaceEnd(in text: [UInt8], after start: Int, limit: Int) -> Int {
        var index = start
        while index < limit, let (found, length) = scalar(in: text, at: index, limit: limit),
            found.properties.isWhitespace
        { index += length }
        return index
    }

    /// The scalar at a place; nil where the bytes are not UTF-8.
    private func scalar(
        in text: [UInt8],
        at index: Int,
        limit: Int
    ) -> (scalar: Unicode.Scalar, length: Int)? {
        guard let (value, length) = UTF8Scan.scalar(in: text.span, at: index),
            index + length <= limit, let scalar = Unicode.Scalar(value)
        else { return nil }
        return (scalar, length)
    }

    /// The scalar that ends before a place.
    private func scalar(
        in text: [UInt8],
        before end: Int,
        limit: Int
    ) -> (scalar: Unicode.Scalar, length: Int)? {
        for length in 1...4 where end - length >= limit {
            if text[end - length] & 0xC0 == 0x80 { continue }
            let found = scalar(in: text, at: end - length, limit: end)
            return found?.length == length ? found : nil
        }
        return nil
    }

    /// Unicode's `\w` (UTS #18, annex C).
    private static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        if properties.isAlphabetic || properties.isJoinControl { return true }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
            return true
        default: return false
        }
    }
}
