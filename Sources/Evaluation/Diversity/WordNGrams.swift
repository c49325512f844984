import SeededRandomness

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
