internal import Foundation

/// Chooses a token with probability proportional to e^(score/τ).
///
/// Scores are public logits plus the mean of a batch's clipped differences (InvisibleInk,
/// arXiv:2507.02974, Algorithm 1):
///
///     P(v) ∝ exp( (B·φ(v) + Σᵢ clip(φᵢ(v) − φ(v))) / (B·τ) )
///
/// - One record added or removed moves each Σᵢ by at most C up or down. So the logarithms of two
///   probabilities move apart by at most η = 2C/(Bτ): the privacy losses of the outcomes span at most η.
///   The event is `.exponential(range: η)`; its zCDP is η²/8 = C²/(2B²τ²).
/// - Drawing is exact: scores are whole numbers, a candidate is proposed uniformly and kept with
///   probability e^−(what it lacks to the largest), by coins of `ExactCoin`. No logarithm, no rounding.
/// - How long it takes depends on the scores. Time is outside the guarantee.
public struct ExponentialMechanism: Equatable, Sendable {
    /// η: what the privacy losses of one choice span; ∞ without a guarantee.
    public let range: Double
    /// B, the public divisor: how many records a batch is expected to have.
    public let batchSize: Int
    /// τ above 0.
    public let temperature: Double

    /// C in parts of 2⁻²⁰ nats.
    let clippingParts: Int
    /// B·τ in such parts: what scores times B are divided by.
    let divisor: Int

    /// Differences are cut there even if nothing is promised: 2²⁰ nats.
    private static let largestClipping = TokenCandidates.partsPerNat << 20

    /// A mechanism whose losses span at most `range`; C follows: η·B·τ/2, rounded down.
    ///
    /// - Parameters:
    ///   - range: η ≥ 0; ∞ clips nothing and promises nothing.
    ///   - batchSize: B ≥ 1.
    ///   - temperature: τ in 0.01...100.
    public init(range: Double, batchSize: Int, temperature: Double) {
        precondition(range >= 0 && batchSize >= 1)
        precondition((0.01...100).contains(temperature))
        self.range = range
        self.batchSize = batchSize
        self.temperature = temperature
        let parts = Double(batchSize) * temperature * Double(TokenCandidates.partsPerNat)
        let divisor = Int(parts.rounded(.up))
        self.divisor = divisor
        let clipping = (range / 2 * Double(divisor)).rounded(.down)
        clippingParts =
            clipping < Double(Self.largestClipping) ? Int(clipping) : Self.largestClipping
    }

    /// C, in nats: what a record's difference is clipped to; ∞ without a guarantee.
    public var clipping: Double {
        range == .infinity
            ? .infinity : Double(clippingParts) / Double(TokenCandidates.partsPerNat)
    }

    /// How far a batch could lift a token: 2C/B, in nats, for `TokenCandidates`.
    public var widening: Double { 2 * clipping / Double(batchSize) }

    /// What one choice costs.
    public var event: PrivacyEvent { Self.event(range: range) }

    /// What a choice of that range costs: everything, if it is not bounded.
    package static func event(range: Double) -> PrivacyEvent {
        range < .infinity ? .exponential(range: range) : .nonPrivate
    }

    /// Chooses a token; the sum and the paid choice are used up.
    ///
    /// - Returns: The token.
    public func choose(
        _ differences: consuming ClippedDifferences,
        for choice: consuming PaidChoice
    ) -> Int {
        precondition(differences.mechanism == self, "clipped for another mechanism")
        let candidates = differences.candidates
        let scores = zip(candidates.scores, differences.sums).map { batchSize * $0 + $1 }
        var coin = ExactCoin(KeyStreamGenerator(choice.stream(for: .noise), bufferedBlocks: 64))
        let place = draw(scores, with: &coin)
        let forced = TestSeam.exchange(
            input: scores.map { Double($0) / Double(divisor) },
            output: [Double(place)],
            sensitivity: range,
            as: .spread(over: candidates.tokens)
        )
        return candidates.tokens[forced.map { min(Int($0[0]), scores.count - 1) } ?? place]
    }

    /// A place with probability proportional to e^(score/divisor), exactly.
    func draw(_ scores: [Int], with coin: inout ExactCoin) -> Int {
        let largest = scores.max() ?? 0
        while true {
            let place = Int(coin.integer(below: UInt64(scores.count)))
            let lack = UInt128(largest - scores[place])
            if coin.survives(lack, of: UInt128(divisor)) { return place }
        }
    }
}
