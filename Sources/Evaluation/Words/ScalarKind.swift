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
