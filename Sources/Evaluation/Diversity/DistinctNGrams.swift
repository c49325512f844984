import SeededRandomness

/// Distinct-n: the share of different n-grams among all n-grams of a set of texts.
///
///     |set of n-grams| / number of n-grams            Li et al. 2016, arXiv:1510.03055, Sec. 5
///
/// Words lie between white space, case kept. Falls as the set grows: compare equal numbers of texts
/// only.
package enum DistinctNGrams {
    /// The share in (0, 1]; 0 when no text has n words.
    package static func share(of texts: [[UInt64]], length: Int) -> Double {
        var seen: Set<UInt64> = []
        var total = 0
        for words in texts {
            let hashes = WordNGrams.hashes(of: words, length: length)
            seen.formUnion(hashes)
            total += hashes.count
        }
        return total == 0 ? 0 : Double(seen.count) / Double(total)
    }
}

/// The hashes of a text's word n-grams.
enum WordNGrams {
    /// One hash per n-gram, in order; empty when the text has fewer than n words.
    static func hashes(of words: [UInt64], length: Int) -> [UInt64] {
        guard words.count >= length, length > 0 else { return [] }
        return (0...words.count - length).map { start in
            words[start + 1..<start + length].reduce(SplitMix64.mixed(words[start])) {
                WordHashes.joined($0, $1)
            }
        }
    }
}

/// The n-gram hashes of many texts, for n = 1, 2, 3, … in turn, at one step per word and length.
struct GrowingNGrams {
    private let texts: [[UInt64]]
    private var length = 1
    /// For each text, the hash of the n-gram at each place.
    private(set) var hashes: [[UInt64]]

    /// Starts with n = 1.
    init(_ texts: [[UInt64]]) {
        self.texts = texts
        hashes = texts.map { $0.map(SplitMix64.mixed) }
    }

    /// Goes on to n + 1.
    mutating func lengthen() {
        for text in texts.indices where !hashes[text].isEmpty {
            hashes[text].removeLast()
            for start in hashes[text].indices {
                hashes[text][start] = WordHashes.joined(
                    hashes[text][start],
                    texts[text][start + length]
                )
            }
        }
        length += 1
    }
}
