/// How text is cut into the pieces within which bytes are merged.
///
/// The patterns that models have in use, by the expressions that `tokenizer.json` spells them with.
enum SplitPattern: String, Sendable, CaseIterable {
    /// Radford et al. 2019.
    ///
    ///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
    case gpt2
    /// Each `\p{N}` alone; what lies between them as GPT-2 cuts it. SmolLM2.
    case digits
    /// Numbers of up to three digits; line feeds stay with what they end.
    ///
    ///     (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}
    ///     | ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
    case llama3
    /// The same with `\p{N}`: each digit alone.
    case qwen2

    /// The expression of a `Split`, and nil for a pattern that is no single one.
    var expression: String? {
        let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
        let rest = #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
        return switch self {
        case .gpt2: #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
        case .digits: nil
        case .llama3: contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"# + rest
        case .qwen2: contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"# + rest
        }
    }

    /// The digits of a piece, at most.
    fileprivate var numberLength: Int { self == .llama3 ? 3 : 1 }
}

/// Cuts text into the pieces within which bytes are merged.
///
/// The patterns are written out by hand: every piece is found in time linear in its length, and no
/// expression is ever run that comes from a file. A byte that is not part of valid UTF-8 counts as a
/// symbol, so that any byte string can be cut and put together again.
struct PreTokenizer: Sendable {
    let pattern: SplitPattern
    private let classes = UnicodeClass.table

    init(_ pattern: SplitPattern = .gpt2) { self.pattern = pattern }

    /// Calls `body` with each piece in order.
    func forEachPiece(in bytes: Span<UInt8>, _ body: (Range<Int>) -> Void) {
        var start = 0
        while start < bytes.count {
            guard pattern == .digits else {
                let end =
                    pattern == .gpt2
                    ? pieceEnd(in: bytes, from: start) : laterPieceEnd(in: bytes, from: start)
                body(start..<end)
                start = end
                continue
            }
            let (kind, length) = classify(bytes, at: start)
            if kind == UnicodeClass.number {
                body(start..<start + length)
                start += length
                continue
            }
            // Between numbers the text is cut as if it were alone.
            let end = end(in: bytes, from: start + length) { $0 == UnicodeClass.number }
            let between = bytes.extracting(0..<end)
            while start < end {
                let next = pieceEnd(in: between, from: start)
                body(start..<next)
                start = next
            }
        }
    }

    /// The end of the piece that starts at `start`, which must be less than `bytes.count`, as GPT-2
    /// cuts.
    private func pieceEnd(in bytes: Span<UInt8>, from start: Int) -> Int {
        let first = bytes[start]
        if first == 0x27, let end = contractionEnd(in: bytes, from: start) { return end }
        let (kind, length) = classify(bytes, at: start)
        if kind != UnicodeClass.space {
            return runEnd(in: bytes, from: start + length, of: kind)
        }
        if first == 0x20, start + 1 < bytes.count {
            let (next, nextLength) = classify(bytes, at: start + 1)
            if next != UnicodeClass.space {
                return runEnd(in: bytes, from: start + 1 + nextLength, of: next)
            }
        }
        return spaceEnd(in: bytes, from: start, firstLength: length)
    }

    /// The same as Llama 3 and Qwen2 cut.
    private func laterPieceEnd(in bytes: Span<UInt8>, from start: Int) -> Int {
        let first = bytes[start]
        if first == 0x27, let end = contractionEnd(in: bytes, from: start, ignoringCase: true) {
            return end
        }
        let (kind, length) = classify(bytes, at: start)
        let second = start + length
        let isLine = Self.isLineEnd(first)
        let following = second < bytes.count ? classify(bytes, at: second).kind : nil
        if kind == UnicodeClass.letter
            || (kind != UnicodeClass.number && !isLine && following == UnicodeClass.letter)
        {
            return runEnd(in: bytes, from: second, of: UnicodeClass.letter)
        }
        if kind == UnicodeClass.number {
            return numberEnd(in: bytes, from: second, count: pattern.numberLength - 1)
        }
        if kind == UnicodeClass.other || (first == 0x20 && following == UnicodeClass.other) {
            var end = runEnd(in: bytes, from: second, of: UnicodeClass.other)
            while end < bytes.count, Self.isLineEnd(bytes[end]) { end += 1 }
            return end
        }
        let end = runEnd(in: bytes, from: second, of: UnicodeClass.space)
        // White space up to its last line end is one piece.
        for index in stride(from: end - 1, through: start, by: -1)
        where Self.isLineEnd(bytes[index]) {
            return index + 1
        }
        return spaceEnd(in: bytes, from: start, firstLength: length)
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    private func numberEnd(in bytes: Span<UInt8>, from start: Int, count: Int) -> Int {
        var index = start
        for _ in 0..<count where index < bytes.count {
            let (kind, length) = classify(bytes, at: index)
            if kind != UnicodeClass.number { return index }
            index += length
        }
        return index
    }

    private func classify(_ bytes: Span<UInt8>, at index: Int) -> (kind: UInt8, length: Int) {
        guard let (value, length) = UTF8Scan.scalar(in: bytes, at: index) else {
            return (UnicodeClass.other, 1)
        }
        let known = Int(value) < classes.count
        return (known ? classes[Int(value)] : UnicodeClass.other, length)
    }

    private func runEnd(in bytes: Span<UInt8>, from start: Int, of kind: UInt8) -> Int {
        end(in: bytes, from: start) { $0 != kind }
    }

    /// The first place from `start` on whose class ends a run.
    private func end(
        in bytes: Span<UInt8>,
        from start: Int,
        _ endsRun: (UInt8) -> Bool
    ) -> Int {
        var index = start
        while index < bytes.count {
            let (next, length) = classify(bytes, at: index)
            if endsRun(next) { return index }
            index += length
        }
        return index
    }

    /// White space up to the end of the text, or all but its last scalar before anything else.
    private func spaceEnd(in bytes: Span<UInt8>, from start: Int, firstLength: Int) -> Int {
        var last = start
        var index = start + firstLength
        while index < bytes.count {
            let (next, length) = classify(bytes, at: index)
            if next != UnicodeClass.space { return last == start ? index : last }
            last = index
            index += length
        }
        return index
    }

    /// The end of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d` at `start`, if one is there.
    private func contractionEnd(
        in bytes: Span<UInt8>,
        from start: Int,
        ignoringCase: Bool = false
    ) -> Int? {
        func letter(_ place: Int) -> UInt8? {
            guard place < bytes.count else { return nil }
            let byte = bytes[place]
            return ignoringCase && (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
        }
        switch letter(start + 1) {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
            return start + 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"):
            return letter(start + 2) == UInt8(ascii: "e") ? start + 3 : nil
        case UInt8(ascii: "l"):
            return letter(start + 2) == UInt8(ascii: "l") ? start + 3 : nil
        case 0xC5 where ignoringCase && start + 2 < bytes.count && bytes[start + 2] == 0xBF:
            // The long s, U+017F, is an s to those who ignore case.
            return start + 3
        default:
            return nil
        }
    }
}

/// The class of a scalar in GPT-2's pre-tokenisation pattern.
enum UnicodeClass {
    /// Anything that is no letter, number or white space; bytes that are not UTF-8 too.
    static let other: UInt8 = 0
    /// `\p{L}`.
    static let letter: UInt8 = 1
    /// `\p{N}`.
    static let number: UInt8 = 2
    /// `\s`.
    static let space: UInt8 = 3

    /// The class of each scalar up to the last letter; scalars beyond the table are `other`.
    static let table: [UInt8] = {
        var table = [UInt8](repeating: other, count: 0x323B0)
        for (runs, value) in [
            (UnicodeClassRanges.letters, letter), (UnicodeClassRanges.numbers, number),
            (UnicodeClassRanges.spaces, space),
        ] {
            fill(&table, runs: runs, with: value)
        }
        return table
    }()

    private static func fill(_ table: inout [UInt8], runs: [UInt32], with value: UInt8) {
        var scalar = 0
        for pair in stride(from: 0, to: runs.count, by: 2) {
            scalar += Int(runs[pair])
            let end = scalar + Int(runs[pair + 1])
            while scalar < end {
                table[scalar] = value
                scalar += 1
            }
        }
    }
}
