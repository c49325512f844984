/// A small seeded generator for made-up text; never used where privacy is at stake.
///
/// Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators".
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number in [0, 1).
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// True with that probability.
    mutating func happens(_ probability: Double) -> Bool { unit() < probability }

    /// An index in `0..<count`, the same on every platform and library version.
    mutating func index(below count: Int) -> Int { Int(unit() * Double(count)) }
}
