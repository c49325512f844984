import Autograd
import DifferentialPrivacy
import Kernels
import LanguageModel
import Training

/// Runs the steps of a plan, each recorded in the ledger before it is computed.
///
/// Every step is a function of the state before it and of fixed inputs, so a step that was
/// reserved and lost is computed again, bit for bit, at no further cost.
final class PrivateTrainer {
    /// What a trainer is told to do, apart from the state it starts from.
    struct Inputs {
        let plan: PrivacyPlan
        let settings: TrainingSettings
        let corpus: PrivateCorpus
        /// H(everything else that a step's sum depends on).
        let environment: ContentDigest
    }

    /// Why a trainer stopped.
    enum End {
        /// All T steps are done.
        case planDone
        /// The next step would exceed the target: steps were computed again with other inputs.
        case targetReached
        /// It was asked to stop.
        case interrupted
    }

    private let inputs: Inputs
    private let state: TrainingState
    private let ledger: PrivacyLedger
    private let step: PrivateStep
    private let parallel: ParallelFor

    init(
        _ inputs: Inputs,
        state: TrainingState,
        ledger: PrivacyLedger,
        parallel: ParallelFor,
        diagnostics: PrivateDiagnostics?
    ) {
        self.inputs = inputs
        self.state = state
        self.ledger = ledger
        self.parallel = parallel
        step = PrivateStep(
            inputs.plan,
            corpus: inputs.corpus,
            state: state,
            parallel: parallel,
            diagnostics: diagnostics
        )
    }

    /// Runs the steps that are left, until `observe` asks for a stop.
    ///
    /// - Parameter observe: Called after each step; saves, reports, and returns whether to go on.
    /// - Returns: Why it stopped; the state is that of the last step done.
    /// - Throws: `LedgerError`, and what `observe` throws.
    func run(observe: () throws -> Bool) throws -> End {
        let plan = inputs.plan
        var sum = plan.makeSum(count: state.trainedLayout.count)
        while state.step < plan.schedule.steps {
            // Durably recorded before anything of the step is computed.
            guard let reservation = try reserveStep() else { return .targetReached }
            sum = try step.run(
                sum,
                for: reservation,
                learningRate: learningRate(ofStep: state.step)
            )
            guard try observe() else {
                return state.step == plan.schedule.steps ? .planDone : .interrupted
            }
        }
        return .planDone
    }

    /// Reserves the next step; nil if it would exceed the target.
    private func reserveStep() throws -> Reservation? {
        do {
            return try ledger.reserve(
                step: state.step,
                of: inputs.plan,
                state: ledger.digest(ofState: state.buffers, parallel: parallel),
                environment: inputs.environment
            )
        } catch LedgerError.targetExceeded {
            return nil
        }
    }

    private func learningRate(ofStep step: Int) -> Double {
        inputs.settings.learningRate(ofStep: step, of: inputs.plan.schedule.steps)
    }
}
