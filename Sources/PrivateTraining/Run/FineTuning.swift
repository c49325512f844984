import Autograd
import Checkpoints
import Corpus
package import DifferentialPrivacy
import Foundation
import Kernels
package import LanguageModel
package import Messages
package import Training

/// One run of DP-SGD fine-tuning, from the corpus on disk to the last durable checkpoint.
package final class FineTuning {
    private let request: FineTuningRequest
    private let start: FineTuningStart
    let parallel: ParallelFor
    private let files: RunFiles
    private var clock = RunClock()

    /// Reads everything, checks everything, and makes or reopens the run folder.
    ///
    /// - Throws: `TrainingError`, `CorpusError`, `CheckpointError`, `LedgerError`, `PrivacyError`;
    ///   then no run folder was made, and an existing one is as it was.
    package init(_ request: FineTuningRequest) throws {
        self.request = request
        parallel = ParallelFor(threadCount: request.threads)
        start = try FineTuningStart(request)
        files = RunFiles(folder: request.run.folder)
        notes = start.notes + [try start.lossOfReservations(parallel)].compactMap(\.self)
    }

    /// What is computed and accounted.
    package var plan: PrivacyPlan { start.inputs.plan }

    /// The other settings, the recipe's where none were given.
    package var settings: TrainingSettings { start.inputs.settings }

    /// Facts that the user must know before training begins.
    package let notes: [Message]

    /// What the run was begun with.
    package var description: RunDescription { start.life.description }

    /// What has been read of the corpus; private.
    package var reading: CorpusCounts { start.counts }

    /// The model and its optimizer, as far as they are.
    var state: TrainingState { start.state }

    /// The run's folder.
    var folder: String { request.run.folder }

    /// Whether nothing is left to do.
    package var isFinished: Bool { start.life.isFinished }

    /// Steps done.
    package var stepsDone: Int { start.state.step }

    /// The model's shape.
    package var configuration: DecoderConfiguration { start.state.parameters.configuration }

    /// How many numbers the model has.
    package var parameterCount: Int { start.state.parameters.layout.parameterCount }

    /// The runs on the same or an overlapping corpus when this process began.
    package var corpusRuns: CorpusRuns { start.life.corpusRuns }

    /// What the run's ledger was begun with.
    package var header: LedgerHeader { start.life.header }

    /// Runs the steps that are left, saving every so often and at the end.
    ///
    /// - Parameters:
    ///   - shouldStop: Asked after each step.
    ///   - report: Told after each step; public quantities only.
    /// - Returns: What was spent and done.
    /// - Throws: `LedgerError`, `CheckpointError`, `PrivacyError`; the run can be resumed.
    package func run(
        shouldStop: @Sendable () -> Bool,
        report: (TrainingProgress) -> Void
    ) throws -> FineTuningOutcome {
        let ledger = start.life.ledger
        guard !ledger.record.isFinished else {
            return try outcome(checkpoint: newestCheckpoint(), .planDone, nil)
        }
        let trainer = PrivateTrainer(
            start.inputs,
            state: start.state,
            ledger: ledger,
            parallel: parallel,
            diagnostics: try diagnostics()
        )
        try start.labelCounts?.write(to: folder, ledger: ledger)
        clock.begin(atStep: start.state.step)
        let end = try trainer.run { [start, files] in
            report(try self.progress(ledger))
            if self.clock.isDue(minutes: self.request.checkpointMinutes) {
                _ = try files.write(start.state, ledger: ledger.record.position)
            }
            return !shouldStop()
        }
        let path = try files.write(start.state, ledger: ledger.record.position)
        let probe =
            end == .interrupted
            ? nil : try trainLabelProbe(shouldStop: shouldStop, report: report)
        guard end != .interrupted, probe?.isInterrupted != true else {
            return try outcome(checkpoint: path, .interrupted, probe)
        }
        // Without budget for another step the run is as complete as it can be: what was done can be
        // released, and its secret has no further use.
        try ledger.finish(steps: start.state.step)
        return try outcome(checkpoint: path, end, probe)
    }

    /// Trains the probe on the final model, if the plan has one.
    private func trainLabelProbe(
        shouldStop: @Sendable () -> Bool,
        report: (TrainingProgress) -> Void
    ) throws -> LabelProbeTraining.Outcome? {
        guard let training = start.labelProbe else { return nil }
        let state = start.state
        let model = state.adapters?.merged(into: state.parameters) ?? state.parameters
        let before = try progress(start.life.ledger)
        return try training.run(
            model,
            folder: folder,
            ledger: start.life.ledger,
            parallel: parallel
        ) { done in
            report(
                TrainingProgress(
                    activity: .labelProbe,
                    step: done,
                    steps: training.pieces,
                    epsilon: start.inputs.plan.budget.epsilon,
                    epsilonStep: done,
                    tokensPerSecond: before.tokensPerSecond,
                    secondsLeft: 0,
                    heldOutLoss: nil
                )
            )
            return !shouldStop()
        }
    }

    /// The ledger remembers that they were written, whatever becomes of their file.
    private func diagnostics() throws -> PrivateDiagnostics? {
        guard request.writesDiagnostics else { return nil }
        try start.life.ledger.recordDiagnostics()
        return try PrivateDiagnostics(folder: folder)
    }

    private func newestCheckpoint() throws -> String {
        try CheckpointReader.checkpoints(in: folder).first?.path ?? folder
    }

    private func progress(_ ledger: PrivacyLedger) throws -> TrainingProgress {
        let plan = start.inputs.plan
        let done = start.state.step - clock.firstStep
        let perStep = clock.seconds / Double(max(done, 1))
        let step = start.state.step
        let epsilon = try clock.epsilon(atStep: step, isLast: step == plan.schedule.steps) {
            try ledger.record.guarantee()?.epsilon
        }
        return TrainingProgress(
            step: step,
            steps: plan.schedule.steps,
            epsilon: epsilon.value,
            epsilonStep: epsilon.step,
            tokensPerSecond: tokensPerSecond,
            secondsLeft: perStep * Double(plan.schedule.steps - step),
            heldOutLoss: nil
        )
    }

    private var tokensPerSecond: Double {
        let plan = start.inputs.plan
        let tokens = plan.schedule.expectedBatchSize * start.inputs.settings.sequenceLength
        let steps = start.state.step - clock.firstStep
        return clock.seconds > 0 ? Double(tokens * steps) / clock.seconds : 0
    }

    private func outcome(
        checkpoint: String,
        _ end: PrivateTrainer.End,
        _ probe: LabelProbeTraining.Outcome?
    ) throws -> FineTuningOutcome {
        let total = try start.life.corpusGuarantee()
        let spent = try start.life.guarantee()
        return FineTuningOutcome(
            isFinished: end != .interrupted,
            notPrivate: description.notPrivate,
            epsilon: spent?.epsilon ?? .infinity,
            accountant: spent?.accountant,
            corpusEpsilon: total?.epsilon ?? .infinity,
            plan: start.inputs.plan,
            stepsDone: start.state.step,
            labelProbeSteps: probe?.steps,
            isStoppedByTarget: end == .targetReached,
            checkpoint: checkpoint,
            seconds: clock.seconds,
            tokensPerSecond: tokensPerSecond,
            notes: start.notes
        )
    }
}

/// What a run of `finetune` reports; everything in it is public.
package struct FineTuningOutcome: Sendable {
    /// Whether nothing is left to do: all T steps are done, or the target allows for no more.
    package let isFinished: Bool
    /// True for ε = ∞ and for seeded runs: NOT PRIVATE.
    package let notPrivate: Bool
    /// What the ledger has recorded costs, at the plan's δ.
    package let epsilon: Double
    /// Which accountant's bound that is; nil without a guarantee.
    package let accountant: Accountant?
    /// ε of all runs beside this one on the same corpus, at the plan's δ.
    package let corpusEpsilon: Double
    /// The plan.
    package let plan: PrivacyPlan
    /// Steps done.
    package let stepsDone: Int
    /// Steps of the label probe that led to the one beside the checkpoint; nil without one in the plan.
    package let labelProbeSteps: Int?
    /// True if the target refused this process a step, as steps had been computed again otherwise.
    package let isStoppedByTarget: Bool
    /// The newest checkpoint.
    package let checkpoint: String
    /// Seconds of training in this process.
    package let seconds: Double
    /// Expected batch × sequence length × steps of this process over seconds.
    package let tokensPerSecond: Double
    /// Facts that the user must know, such as what is treated as public.
    package let notes: [Message]
}

/// Seconds since training began in this process, and the ε that was last computed.
private struct RunClock {
    private var clock = TrainingClock()
    private var lastEpsilon: (seconds: Double, step: Int, value: Double)?
    /// The step that this process began with.
    private(set) var firstStep = 0

    mutating func begin(atStep step: Int) {
        clock.begin()
        firstStep = step
    }

    var seconds: Double { clock.seconds }

    /// True once every so many minutes.
    mutating func isDue(minutes: Double) -> Bool { clock.isDue(minutes: minutes) }

    /// ε so far and the step that it is of; ∞ where there is none.
    ///
    /// It is computed anew every five seconds at most, as that takes longer than a small step, and
    /// after the last step.
    mutating func epsilon(
        atStep step: Int,
        isLast: Bool,
        _ compute: () throws -> Double?
    ) rethrows -> (value: Double, step: Int) {
        if let last = lastEpsilon, !isLast, seconds - last.seconds < 5 {
            return (last.value, last.step)
        }
        let value = try compute() ?? .infinity
        lastEpsilon = (seconds, step, value)
        return (value, step)
    }
}
