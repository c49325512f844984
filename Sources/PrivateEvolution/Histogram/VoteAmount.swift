/// A share of a vote as a whole number of 2⁻²⁴ votes.
///
/// Integers add up exactly and in any order, so that taking one unit out of a sum changes it by
/// precisely what that unit contributed. Shares are rounded towards zero: a contribution's norm is
/// never above 1. A sum of fewer than 2²⁹ votes is exact in double precision.
enum VoteAmount {
    /// How many parts make one vote.
    static let partsPerVote = 1 << 24

    /// 1/√count of a vote, for each of `count` different bins.
    static func share(among count: Int) -> Int {
        Int((Double(partsPerVote) / Double(count).squareRoot()).rounded(.down))
    }

    /// Scales whole parts so that their L2 norm is at most one vote and as close to it as rounding
    /// down allows; zeros stay zeros.
    static func normalized(_ parts: [Int]) -> [Int] {
        let norm = parts.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard norm > 0 else { return parts }
        // The factor is a hair below 1/norm, which takes up the rounding of norm and product.
        let factor = Double(partsPerVote) / norm * (1 - 0x1p-40)
        return parts.map { Int((Double($0) * factor).rounded(.down)) }
    }

    /// Parts as votes.
    static func votes(_ parts: Int) -> Double { Double(parts) / Double(partsPerVote) }
}
