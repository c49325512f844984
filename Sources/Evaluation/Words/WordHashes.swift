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
