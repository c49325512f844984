/// A reproducible stream of pseudo-random bits (SplitMix64, Steele, Lea and Flood 2014).
///
/// For resampling texts and placing k-means centres, where a comparison must give the same numbers
/// again. Not cryptographic: nothing a privacy guarantee rests on may use it.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts the stream of `seed`; `stream` separates independent uses of one seed.
    package init(seed: UInt64, stream: UInt64 = 0) {
        state = WordHashes.joined(WordHashes.scrambled(seed &+ 1), stream)
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return WordHashes.scrambled(state)
    }
}
