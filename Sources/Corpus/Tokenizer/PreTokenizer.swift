/// Cuts text into the pieces within which GPT-2 merges bytes.
///
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
///
/// The pattern of Radford et al. 2019 (GPT-2), written out by hand: every piece is found in time
/// linear in its length, and no expression is ever read from a file. A byte that is not part of
/// valid UTF-8 counts as a symbol, so that any byte string can be cut and put together again.
struct PreTokenizer: Sendable {
    private let classes = UnicodeClass.table

    /// The end of the piece that starts at `start`, which must be less than `bytes.count`.
    func pieceEnd(in bytes: Span<UInt8>, from start: Int) -> Int {
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

    private func classify(_ bytes: Span<UInt8>, at index: Int) -> (kind: UInt8, length: Int) {
        guard let (value, length) = UTF8Scan.scalar(in: bytes, at: index) else {
            return (UnicodeClass.other, 1)
        }
        let known = Int(value) < classes.count
        return (known ? classes[Int(value)] : UnicodeClass.other, length)
    }

    private func runEnd(in bytes: Span<UInt8>, from start: Int, of kind: UInt8) -> Int {
        var index = start
        while index < bytes.count {
            let (next, length) = classify(bytes, at: index)
            if next != kind { return index }
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
    private func contractionEnd(in bytes: Span<UInt8>, from start: Int) -> Int? {
        guard start + 1 < bytes.count else { return nil }
        let next = bytes[start + 1]
        switch next {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
            return start + 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"), UInt8(ascii: "l"):
            guard start + 2 < bytes.count else { return nil }
            let last = next == UInt8(ascii: "l") ? UInt8(ascii: "l") : UInt8(ascii: "e")
            return bytes[start + 2] == last ? start + 3 : nil
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
