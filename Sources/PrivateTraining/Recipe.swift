/// Settings that work, by number of units and privacy budget: what is used where nothing is said.
///
/// At a fixed ε and number of passes, larger batches have less noise for their signal
/// (√T·B/σ grows with B; Ponomareva et al. 2023, arXiv:2303.00654, section 5.3.2), so a batch is a
/// tenth of the corpus. README has the measurements.
package struct Recipe: Sendable, Equatable {
    /// What a recipe rests on.
    package enum Evidence: String, Sendable {
        /// Runs with between 5,000 and 40,000 units.
        case measured
        /// Fewer or more units than that.
        case extrapolated
    }

    /// Passes over the corpus.
    package let epochs: Double
    /// B, the expected batch size.
    package let batchSize: Int
    /// Peak learning rate.
    package let learningRate: Double
    /// C.
    package let maxGradNorm: Double
    /// Whether such a number of units was tried.
    package let evidence: Evidence

    /// The recipe for a target ε and a number of units, at least 1.
    package init(unitCount: Int, epsilon: Double) {
        precondition(unitCount >= 1, "unitCount is \(unitCount); it must be at least 1")
        evidence = Self.measuredCounts.contains(unitCount) ? .measured : .extrapolated
        maxGradNorm = 1
        guard epsilon.isFinite else {
            epochs = 3
            batchSize = min(64, unitCount)
            learningRate = 1e-3
            return
        }
        epochs = 8
        batchSize = max(unitCount / 10, 1)
        learningRate = 4e-3
    }

    private static let measuredCounts = 4_500...44_000
}
