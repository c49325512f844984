/// Settings that work, by number of units and privacy budget: what is used where nothing is said.
///
/// At a fixed ε and number of passes, larger batches have less noise for their signal (√T·B/σ grows
/// with B), and smaller ones more steps, which labels need more than style does: on 20,000 made-up
/// messages at ε = 8 a twentieth of the corpus did better than a tenth or a fortieth. The learning rate
/// is one for labels, too: on 40,030 comments 5e-3 gave a better classifier than 3e-3, though its
/// loss was higher.
package struct Recipe: Sendable, Equatable {
    /// What a recipe rests on.
    package enum Evidence: String, Sendable {
        /// Runs with about 20,000 and about 40,000 units.
        case measured
        /// Fewer or more units.
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
        batchSize = max(unitCount / 20, 1)
        learningRate = 5e-3
    }

    private static let measuredCounts = 15_000...50_000
}
