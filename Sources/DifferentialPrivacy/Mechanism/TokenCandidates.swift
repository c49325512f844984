import Kernels

/// The tokens that may come next, and how likely a public prompt finds them: all of it public.
///
/// The set must come from the public prompt alone. A cut through the private prompts' logits, such as
/// their own top-k or nucleus, makes a token possible or impossible by one record: an infinite loss.
public struct TokenCandidates: Equatable, Sendable {
    /// Parts of a nat that scores are whole numbers of.
    public static let partsPerNat = 1 << 20
    /// Scores further below the largest count as this far: e^−4096 is no probability.
    private static let lowestScore = -4096 * partsPerNat

    /// The tokens, ascending.
    public let tokens: [Int]
    /// Their public logits below the largest, in parts, 0 or less.
    let scores: [Int]

    /// The k most likely tokens, and those whose logits come within `widening` of the k-th.
    ///
    /// That is Top-k+ of InvisibleInk (arXiv:2507.02974, section 4). Nil if no logit is finite.
    ///
    /// - Parameters:
    ///   - publicLogits: Of the prompt without private text, [vocabulary]. Those that are not finite are
    ///     left out.
    ///   - count: k ≥ 1.
    ///   - widening: In nats, at least 0: 2C/B for clipped differences, which could lift a token that far.
    public init?(publicLogits: [Float], mostLikely count: Int, widening: Double = 0) {
        precondition(count >= 1 && widening >= 0)
        let usable = publicLogits.indices.filter { publicLogits[$0].isFinite }
        let values = usable.map { publicLogits[$0] }
        guard let largest = values.max().map(Double.init) else { return nil }
        let last = Double(LargestValues.value(ofRank: min(count, values.count), in: values))
        let least = widening.isFinite ? last - widening : last
        tokens = usable.filter { Double(publicLogits[$0]) >= least }
        scores = tokens.map { token in
            let parts = (Double(publicLogits[token]) - largest) * Double(Self.partsPerNat)
            return Int(max(parts, Double(Self.lowestScore)).rounded())
        }
    }

    /// The public logits of the candidates as they count, in nats below the largest.
    public var logits: [Double] { scores.map { Double($0) / Double(Self.partsPerNat) } }
}
