import DifferentialPrivacy
import Kernels

extension FineTuningStart {
    /// What a user must know before steps that were reserved are paid for again; nil if none are.
    ///
    /// Steps after the newest checkpoint are computed again. With all inputs as they were that is the
    /// same release; with other threads, micro-batches or another machine it is a further one.
    ///
    /// - Throws: `LedgerError`, `PrivacyError`.
    func lossOfReservations(_ parallel: ParallelFor) throws -> String? {
        let (plan, next) = (inputs.plan, state.step)
        guard plan.isPrivate, !ledger.record.isFinished, let last = ledger.record.lastStep,
            last >= next
        else { return nil }
        let isReplay = try ledger.canReplay(
            step: next,
            of: plan,
            state: ledger.digest(ofState: state.buffers, parallel: parallel),
            environment: inputs.environment
        )
        guard !isReplay else { return nil }
        let total = plan.schedule.steps
        let canFinish = try ledger.hasRoom(forSteps: total - next, of: plan)
        return "Reserved steps \(next + 1) to \(last + 1) cannot be replayed and will cost again:"
            + " something they depend on has changed, such as --threads, --micro-batch-size, the"
            + " processor or the build. "
            + (canFinish
                ? "All \(total) steps still fit the target."
                : "The target then does not last for all \(total) steps."
                    + " Stop now and resume with what the run had before.")
    }
}
