import DifferentialPrivacy
import PrivateEvolution
import PrivateTraining

extension LedgerWitness {
    /// What runs of either method keep beside their ledgers.
    static let allRuns = LedgerWitness.checkpoints.and(.iterations)
}
