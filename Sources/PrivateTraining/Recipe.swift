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
        /// Runs with about as many units and such an ε.
        case measured
        /// Fewer or more units, or another ε.
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
    /// Whether such a corpus and budget were tried.
    package let evidence: Evidence

    /// The recipe for a target ε and a number of units, at least 1.
    ///
    /// Adapters take twice the learning rate: they have fewer coordinates to disturb.
    package init(unitCount: Int, epsilon: Double, hasAdapters: Bool = false) {
        precondition(unitCount >= 1, "unitCount is \(unitCount); it must be at least 1")
        maxGradNorm = 1
        guard epsilon.isFinite else {
            epochs = 3
            batchSize = min(64, unitCount)
            learningRate = 1e-3
            evidence = 30_000...50_000 ~= unitCount && !hasAdapters ? .measured : .extrapolated
            return
        }
        epochs = 8
        batchSize = max(unitCount / 20, 1)
        learningRate = hasAdapters ? 1e-2 : 5e-3
        let tried: (units: ClosedRange<Int>, epsilons: ClosedRange<Double>) =
            hasAdapters ? (8_000...12_000, 8...8) : (4_500...50_000, 1...8)
        evidence =
            tried.units ~= unitCount && tried.epsilons ~= epsilon ? .measured : .extrapolated
    }
}
