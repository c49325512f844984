/// Reproducible pseudo-random bits, for what is public and has to come out again.
///
/// Steele, Lea and Flood 2014, *Fast splittable pseudorandom number generators*. Whoever sees a few
/// draws can tell the seed, so nothing a privacy guarantee rests on may use it: the targets that draw
/// noise and batches cannot import it.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var state: UInt64

    /// Starts the stream of a seed.
    package init(seed: UInt64) { state = seed }

    /// Starts stream `stream` of a seed: independent uses of one seed have streams of their own.
    ///
    /// Seeds a small multiple of the increment apart would not do: their streams are one, shifted.
    package init(seed: UInt64, stream: UInt64) {
        let start = Self.mixed(seed &+ 1) &* Self.increment &+ stream &+ 0x632B_E59B_D9B4_E019
        self.init(seed: Self.mixed(start))
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= Self.increment
        return Self.mixed(state)
    }

    /// A bijective mixing of 64 bits, which makes a hash of a counter or of a sum.
    @inlinable
    package static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
