import DifferentialPrivacy

/// The sizes of the classes on disk, and the noisy counts they come from, if they do.
struct ClassSizesFile: Codable, Equatable, Sendable {
    static let name = "classes.json"

    /// How many texts each class keeps.
    let sizes: [Int]
    /// Noisy counts of units by class; nil if the user stated the distribution.
    let noisyCounts: [Double]?
    /// Where the ledger ended once that release was recorded.
    let ledger: LedgerPosition?

    private enum CodingKeys: String, CodingKey {
        case sizes, ledger
        case noisyCounts = "noisy_counts"
    }
}
