import SeededRandomness

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
