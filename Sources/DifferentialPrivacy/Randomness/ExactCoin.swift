/// Coins whose probability of heads is exactly a given rational number, or e to minus one.
///
/// All randomness comes as whole bits and all arithmetic is on integers.
struct ExactCoin {
    private var generator: KeyStreamGenerator

    init(_ generator: KeyStreamGenerator) { self.generator = generator }

    /// An integer, each of 0..<bound equally likely.
    mutating func integer(below bound: UInt64) -> UInt64 {
        UInt64.random(in: 0..<bound, using: &generator)
    }

    /// A fair coin.
    mutating func isHeads() -> Bool { generator.next() & 1 == 1 }

    /// Heads with probability exactly numerator / denominator.
    ///
    /// A uniform number in [0, 1) is compared with the quotient, bit by bit from the top. The first
    /// 64 bits decide at once unless they lie within rounding of the quotient.
    mutating func isHeads(_ numerator: UInt128, of denominator: UInt128) -> Bool {
        guard numerator < denominator else { return true }
        let word = generator.next()
        let uniform = Double(word) * 0x1p-64
        let quotient = Double(numerator) / Double(denominator)
        if uniform < quotient - 0x1p-48 { return true }
        if uniform > quotient + 0x1p-48 { return false }
        return isBelow(numerator, denominator, startingWith: word)
    }

    private mutating func isBelow(
        _ numerator: UInt128,
        _ denominator: UInt128,
        startingWith first: UInt64
    ) -> Bool {
        var word = first
        var remainder = numerator
        while true {
            for bit in stride(from: UInt64(63), through: 0, by: -1) {
                remainder *= 2
                let digit: UInt64 = remainder >= denominator ? 1 : 0
                if digit == 1 { remainder -= denominator }
                let drawn = word >> bit & 1
                if drawn != digit { return drawn < digit }
            }
            word = generator.next()
        }
    }

    /// Heads with probability exactly exp(−numerator / denominator), for a quotient of at most 1.
    ///
    /// Canonne, Kamath, Steinke 2020, arXiv:2004.00010, Algorithm 1: the number K of draws until
    /// a coin of probability γ/K fails is odd with probability e^−γ.
    mutating func survivesFraction(_ numerator: UInt128, of denominator: UInt128) -> Bool {
        var draws: UInt128 = 1
        while isHeads(numerator, of: denominator * draws) { draws += 1 }
        return draws & 1 == 1
    }

    /// Heads with probability exactly exp(−numerator / denominator).
    mutating func survives(_ numerator: UInt128, of denominator: UInt128) -> Bool {
        var rest = numerator
        while rest > denominator {
            guard survivesFraction(1, of: 1) else { return false }
            rest -= denominator
        }
        return survivesFraction(rest, of: denominator)
    }
}
