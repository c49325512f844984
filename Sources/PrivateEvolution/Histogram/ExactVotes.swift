import DifferentialPrivacy

/// Counts before noise.
///
/// Private: they can only be used up by the mechanism that noises them.
///
/// There is no way to read, copy, write or log them; what leaves is `release`'s noisy histogram.
struct ExactVotes: ~Copyable, Sendable {
    /// Whole parts of a vote, see `VoteAmount`; one a bin.
    private let parts: [Int]

    /// Takes the sum of the units' contributions, each of L2 norm ≤ 1 vote.
    init(parts: [Int]) { self.parts = parts }

    /// The noisy counts, in votes; counts and reservation are used up.
    ///
    /// - Parameters:
    ///   - noiseMultiplier: σ; the sensitivity is 1 vote.
    ///   - reservation: Proof that the release is in the ledger.
    /// - Returns: One number a bin.
    consuming func release(
        noiseMultiplier: Double,
        for reservation: consuming Reservation
    ) -> [Double] {
        NoisyHistogram(noiseMultiplier: noiseMultiplier, sensitivity: 1)
            .release(parts.map(VoteAmount.votes), for: reservation)
    }
}
