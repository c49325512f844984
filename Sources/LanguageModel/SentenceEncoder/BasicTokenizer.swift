import Foundation

/// BERT's first step: from text to words.
///
/// Control characters vanish; white space separates; Chinese, Japanese and Korean ideographs and
/// punctuation stand alone; with lower case, accents (non-spacing marks) are stripped.
enum BasicTokenizer {
    static func words(of text: String, lowercasing: Bool) -> [[Unicode.Scalar]] {
        var words: [[Unicode.Scalar]] = []
        var word: [Unicode.Scalar] = []
        func finish() {
            if !word.isEmpty { words.append(word) }
            word.removeAll()
        }
        for scalar in normalized(text, lowercasing: lowercasing) {
            if isSpace(scalar) {
                finish()
            } else if isPunctuation(scalar) || isIdeograph(scalar) {
                finish()
                words.append([scalar])
            } else {
                word.append(scalar)
            }
        }
        finish()
        return words
    }

    private static func normalized(_ text: String, lowercasing: Bool) -> [Unicode.Scalar] {
        let clean = text.unicodeScalars.filter { $0 != "\0" && $0 != "\u{FFFD}" && !isControl($0) }
        guard lowercasing else { return Array(clean) }
        // Plain ASCII has nothing to decompose.
        if clean.allSatisfy(\.isASCII) {
            return clean.flatMap { $0.properties.lowercaseMapping.unicodeScalars }
        }
        let decomposed = String(String.UnicodeScalarView(clean))
            .decomposedStringWithCanonicalMapping
        return decomposed.unicodeScalars.filter { $0.properties.generalCategory != .nonspacingMark }
            .flatMap { $0.properties.lowercaseMapping.unicodeScalars }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "\t" || scalar == "\n" || scalar == "\r" { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse: return true
        default: return false
        }
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 33...47, 58...64, 91...96, 123...126: return true
        default: break
        }
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation:
            return true
        default: return false
        }
    }

    private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
            0x2B740...0x2B81F, 0x2B820...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            return true
        default: return false
        }
    }
}
