import SeededRandomness

extension SplitMix64 {
    /// A number in [0, 1).
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// True with that probability.
    mutating func happens(_ probability: Double) -> Bool { unit() < probability }

    /// An index in `0..<count`, the same on every platform and library version.
    mutating func index(below count: Int) -> Int { Int(unit() * Double(count)) }
}
