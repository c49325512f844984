package import DifferentialPrivacy

/// A noisy histogram on disk, with what it was released for.
package struct HistogramFile: Codable, Equatable, Sendable {
    static let name = "histogram.json"

    /// The noisy counts, in votes, one a candidate in the order of `candidates.jsonl`.
    package let counts: [Double]
    /// σ, the standard deviation of the noise.
    package let noiseMultiplier: Double
    /// H(what the counts are for): candidates and look-ahead variations.
    package let state: ContentDigest
    /// Where the ledger ended once the release was recorded.
    package let ledger: LedgerPosition

    private enum CodingKeys: String, CodingKey {
        case counts, state, ledger
        case noiseMultiplier = "noise_multiplier"
    }
}
