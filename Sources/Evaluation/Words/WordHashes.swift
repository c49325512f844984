package import Kernels
import SeededRandomness

/// Texts as sequences of 64-bit word hashes, the form in which every text metric reads them.
///
/// Two words are equal when their hashes are: with 10⁶ distinct words the chance of any collision
/// is below 3e-8, and a collision changes a count by one. Nothing of the text can be read back
/// without guessing it, but a hash is still a function of the text: never write one out.
package enum WordHashes {
    /// Case-folded words: maximal runs of letters, digits, marks and underscores.
    ///
    /// On ASCII text these are the matches of `\w+` in the lower-cased text. Characters of scripts
    /// written without spaces (Han, kana, Thai, Lao, Khmer, Burmese) and emoji are words of their
    /// own, so that such texts still have comparable words.
    package static func folded(_ text: String) -> [UInt64] {
        var hashes: [UInt64] = []
        var word = WordHash()
        for scalar in text.unicodeScalars {
            switch ScalarKind(of: scalar) {
            case .asciiWord(let byte): word.append(byte)
            case .word: word.append(lowercased: scalar)
            case .wholeWord:
                word.finish(into: &hashes)
                word.append(lowercased: scalar)
                word.finish(into: &hashes)
            case .space, .separator: word.finish(into: &hashes)
            }
        }
        word.finish(into: &hashes)
        return hashes
    }

    /// Verbatim tokens between white space, as `split()` of most languages gives them.
    ///
    /// Lengths and distinct-n are defined on these, so that anyone can recompute them. Characters
    /// of scripts written without spaces count one each.
    package static func verbatim(_ text: String) -> [UInt64] {
        var hashes: [UInt64] = []
        var word = WordHash()
        for scalar in text.unicodeScalars {
            if scalar.value < 128 {
                let isSpace =
                    scalar.value == 32 || (9...13).contains(scalar.value)
                    || (28...31).contains(scalar.value)
                if isSpace { word.finish(into: &hashes) } else { word.append(UInt8(scalar.value)) }
            } else if scalar.properties.isWhitespace {
                word.finish(into: &hashes)
            } else if ScalarKind.isUnspacedScript(scalar) {
                word.finish(into: &hashes)
                word.append(verbatim: scalar)
                word.finish(into: &hashes)
            } else {
                word.append(verbatim: scalar)
            }
        }
        word.finish(into: &hashes)
        return hashes
    }

    /// One hash for a pair of hashes, order mattering: the step from n-grams to (n+1)-grams.
    @inline(__always) package static func joined(_ first: UInt64, _ second: UInt64) -> UInt64 {
        SplitMix64.mixed(first &* 0x9E37_79B9_7F4A_7C15 &+ second &+ 0x632B_E59B_D9B4_E019)
    }
}

/// The hash of a word whose bytes arrive one at a time (FNV-1a, then mixed).
struct WordHash {
    private static let start: UInt64 = 0xCBF2_9CE4_8422_2325
    private var state = WordHash.start
    private var isEmpty = true

    /// The hash of the bytes so far.
    var value: UInt64 { SplitMix64.mixed(state) }

    @inline(__always) mutating func append(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        isEmpty = false
    }

    mutating func append(lowercased scalar: Unicode.Scalar) {
        for byte in scalar.properties.lowercaseMapping.utf8 { append(byte) }
    }

    mutating func append(verbatim scalar: Unicode.Scalar) {
        for byte in UTF8.encode(scalar).map(Array.init) ?? [] { append(byte) }
    }

    /// Ends the word, if any bytes came, and starts the next.
    mutating func finish(into hashes: inout [UInt64]) {
        guard !isEmpty else { return }
        hashes.append(value)
        self = WordHash()
    }
}

/// What a character does to the word that is being read.
enum ScalarKind {
    /// An ASCII letter, digit or underscore, lower-cased.
    case asciiWord(UInt8)
    /// A letter, digit or mark outside ASCII.
    case word
    /// A character that is a word by itself.
    case wholeWord
    /// White space.
    case space
    /// Punctuation and everything else.
    case separator

    @inline(__always) init(of scalar: Unicode.Scalar) {
        guard scalar.value < 128 else {
            self = Self.beyondASCII(scalar)
            return
        }
        let byte = UInt8(truncatingIfNeeded: scalar.value)
        switch byte {
        case 0x61...0x7A, 0x30...0x39, 0x5F: self = .asciiWord(byte)
        case 0x41...0x5A: self = .asciiWord(byte + 32)
        case 0x20, 0x09...0x0D: self = .space
        default: self = .separator
        }
    }

    private static func beyondASCII(_ scalar: Unicode.Scalar) -> ScalarKind {
        if isUnspacedScript(scalar) || scalar.properties.isEmojiPresentation { return .wholeWord }
        if scalar.properties.isWhitespace { return .space }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark,
            .connectorPunctuation:
            return .word
        default: return .separator
        }
    }

    /// Whether the character belongs to a script whose words are not separated by spaces.
    static func isUnspacedScript(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0E00...0x0EFF,  // Thai, Lao
            0x1000...0x109F,  // Burmese
            0x1780...0x17FF,  // Khmer
            0x3040...0x30FF,  // Hiragana, Katakana
            0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF:  // Han
            true
        default: false
        }
    }
}

/// A set of texts with its words hashed once, for all metrics to share.
package struct TextFeatures: Sendable {
    /// The texts themselves.
    package let texts: [String]
    /// Case-folded words of each text (`WordHashes.folded`).
    package let folded: [[UInt64]]
    /// Words between white space of each text (`WordHashes.verbatim`).
    package let verbatim: [[UInt64]]

    /// Hashes the words of `texts`.
    package init(_ texts: [String], parallel: ParallelFor) throws {
        let block = 512
        let parts = parallel.map((texts.count + block - 1) / block) { item, _ in
            texts[item * block..<min(texts.count, (item + 1) * block)].map {
                (WordHashes.folded($0), WordHashes.verbatim($0))
            }
        }.flatMap { $0 }
        self.init(texts: texts, folded: parts.map(\.0), verbatim: parts.map(\.1))
    }

    private init(texts: [String], folded: [[UInt64]], verbatim: [[UInt64]]) {
        self.texts = texts
        self.folded = folded
        self.verbatim = verbatim
    }

    /// The texts `members` only, in that order.
    package func selecting(_ members: [Int]) -> TextFeatures {
        TextFeatures(
            texts: members.map { texts[$0] },
            folded: members.map { folded[$0] },
            verbatim: members.map { verbatim[$0] }
        )
    }
}
