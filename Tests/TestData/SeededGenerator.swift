import SeededRandomness

/// The draws of random tests: reproducible.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var bits: SplitMix64

    /// Starts the stream of a seed.
    package init(seed: UInt64) { bits = SplitMix64(seed: seed) }

    /// The next 64 bits.
    package mutating func next() -> UInt64 { bits.next() }

    /// A number in low..<high.
    package mutating func uniform(_ low: Double, _ high: Double) -> Double {
        .random(in: low..<high, using: &self)
    }
}
