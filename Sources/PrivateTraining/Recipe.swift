/// Settings that work, by number of units and privacy budget: what is used where nothing is said.
///
/// Large batches and a higher learning rate than without noise; few epochs, as each costs budget.
/// N at which they were measured are listed in the README; between them the batch is interpolated.
package struct Recipe: Sendable, Equatable {
    /// Passes over the corpus.
    package let epochs: Double
    /// B, the expected batch size.
    package let batchSize: Int
    /// Peak learning rate.
    package let learningRate: Double
    /// C.
    package let maxGradNorm: Double

    /// The recipe for `unitCount` units and a target ε.
    package init(unitCount: Int, epsilon: Double) {
        guard epsilon.isFinite else {
            epochs = 3
            batchSize = min(64, unitCount)
            learningRate = 1e-3
            maxGradNorm = 1
            return
        }
        epochs = 10
        let wished = 1_024 * (Double(unitCount) / 40_000).squareRoot()
        batchSize = min(max(Int(wished.rounded()), 1), unitCount)
        learningRate = 2e-3
        maxGradNorm = 1
    }
}
