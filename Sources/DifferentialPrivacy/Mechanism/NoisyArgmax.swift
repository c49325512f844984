internal import Foundation
import Kernels

/// What disjoint prompts say of the next token, summed over them, before noise; private.
///
/// Each prompt adds a vector of non-negative numbers over the candidates with an L2 norm of at most 1: its
/// next-token probabilities, or one vote. A record is in one prompt, so adding or removing it turns
/// one such vector u into another u′, and ‖u − u′‖² = ‖u‖² + ‖u′‖² − 2⟨u, u′⟩ ≤ 2: the sensitivity is √2
/// (not 1, as it would be if the prompt came or went with the record). The bound is enforced, exactly:
/// see `BoundedCounts`. The only way on is `NoisyArgmax.choose`.
public struct PromptVotes: ~Copyable, Sendable {
    /// Δ in votes.
    public static let sensitivity = 2.0.squareRoot()
    /// What may be chosen.
    public let candidates: TokenCandidates
    private let counts: BoundedCounts

    /// Adds up what all prompts say.
    ///
    /// - Parameters:
    ///   - candidates: What may be chosen; public.
    ///   - prompts: One contribution a prompt, empty prompts included, to places among the candidates.
    public init(_ candidates: TokenCandidates, prompts: some Sequence<UnitContribution>) {
        self.candidates = candidates
        counts = BoundedCounts(
            binCount: candidates.tokens.count,
            sensitivity: 1,
            units: prompts
        )
    }

    consuming func totals() -> [Double] { counts.totals() }
}

/// Chooses the token with the most votes, or the largest mean probability, under Gaussian noise.
///
///     argmax_v Σⱼ uⱼ(v) + N(0, 2σ²)                  Tang et al. 2024, arXiv:2309.11765, Alg. 1–2
///
/// The argmax is computed from a noisy vector and costs nothing beside it: the event is a Gaussian of
/// noise multiplier σ. (Dividing by the number of prompts changes no argmax.)
public struct NoisyArgmax: Equatable, Sendable {
    /// σ: the noise's standard deviation is σ·√2 votes; 0 without a guarantee.
    public let noiseMultiplier: Double

    /// States the mechanism; `noiseMultiplier` is finite and at least 0.
    public init(noiseMultiplier: Double) {
        precondition(noiseMultiplier >= 0 && noiseMultiplier < .infinity)
        self.noiseMultiplier = noiseMultiplier
    }

    /// What one choice costs without subsampling.
    public var event: PrivacyEvent { NoisyHistogram.event(noiseMultiplier: noiseMultiplier) }

    /// Chooses a token; votes and the paid choice are used up.
    ///
    /// - Returns: The token, the first of equals.
    public func choose(
        _ votes: consuming PromptVotes,
        for choice: consuming PaidChoice
    ) -> Int {
        let tokens = votes.candidates.tokens
        let totals = votes.totals()
        let noised = noised(totals, stream: choice.stream(for: .noise))
        let place = noised.indices.reduce(0) { noised[$1] > noised[$0] ? $1 : $0 }
        let forced = TestSeam.exchange(
            input: totals,
            output: [Double(place)],
            sensitivity: PromptVotes.sensitivity,
            as: .length(over: tokens)
        )
        return tokens[forced.map { min(Int($0[0]), tokens.count - 1) } ?? place]
    }

    private func noised(_ totals: [Double], stream: KeyStream) -> [Double] {
        let deviation = noiseMultiplier * PromptVotes.sensitivity
        guard deviation > 0 else { return totals }
        let bytes = stream.bytes(fromBlock: 0, count: (totals.count + 1) / 2)
        var normals = [Double](repeating: 0, count: totals.count)
        GaussianNoise.fill(&normals, from: bytes.bytes)
        let grid = GaussianMechanism.gridStep(deviation: deviation)
        return zip(totals, normals).map { (($0 + deviation * $1) / grid).rounded() * grid }
    }
}
