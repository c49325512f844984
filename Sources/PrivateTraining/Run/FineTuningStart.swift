import Checkpoints
import Corpus
import DifferentialPrivacy
import Foundation
import Kernels
import LanguageModel
import Messages
import Training

/// Everything a run needs before its next step: a new run, or one that goes on.
struct FineTuningStart {
    let inputs: PrivateTrainer.Inputs
    let state: TrainingState
    let description: RunDescription
    let labelCounts: LabelCountsRelease?
    let labelProbe: LabelProbeTraining?
    /// The ledger, locked.
    let ledger: PrivacyLedger
    /// The runs on the same or an overlapping corpus when this process began.
    let corpusRuns: CorpusRuns
    /// What was read of the corpus; private.
    let counts: CorpusCounts
    let notes: [Message]
}

extension FineTuningStart {
    /// Makes or reopens the run of a request.
    init(_ request: FineTuningRequest) throws {
        let folder = RunFolder(path: request.runFolder)
        try folder.requireVisibleName()
        let isNew = try folder.isVacant()
        guard isNew || request.resumes else {
            throw TrainingError.outputExists(path: request.runFolder)
        }
        self = isNew ? try Self(beginning: request, folder) : try Self(resuming: request, folder)
    }

    /// Puts together what beginning and resuming have in common.
    init(
        _ found: PrivateCorpus.Found,
        _ description: RunDescription,
        state: TrainingState,
        tokenizer: BytePairTokenizer,
        settings: TrainingSettings,
        ledger: PrivacyLedger,
        corpusRuns: CorpusRuns,
        threads: Int
    ) throws {
        let environment = RunEnvironment(
            fingerprint: ledger.record.header.corpus,
            examples: found.corpus.digest(),
            description: description,
            settings: settings,
            configuration: state.parameters.configuration,
            tokenizer: tokenizer,
            rule: MicroBatchRule(state.parameters.configuration, threads: threads),
            threads: threads,
            machine: ComputingMachine(isPrivate: !description.notPrivate)
        )
        self.init(
            inputs: PrivateTrainer.Inputs(
                plan: description.plan,
                settings: settings,
                corpus: found.corpus,
                environment: try environment.digest()
            ),
            state: state,
            description: description,
            labelCounts: try LabelCountsRelease(
                found.unitLabels,
                description,
                environment: environment
            ),
            labelProbe: LabelProbeTraining(found.labelled, environment: environment),
            ledger: ledger,
            corpusRuns: corpusRuns,
            counts: found.counts,
            notes: RunNotes(description).lines
        )
    }
}

extension FineTuningStart {
    /// A run that goes on: its plan is read, not solved again.
    init(resuming request: FineTuningRequest, _ folder: RunFolder) throws {
        // The ledger first: what the description says counts only if the ledger knows it.
        guard let begun = try folder.record(checkedBy: .none) else {
            throw LedgerError.missing(path: folder.path)
        }
        let description = try RunDescription.read(from: folder.path, of: begun.header)
        try ResumptionCheck(path: folder.path, description: description).check(request)
        let newest = try RunFiles(folder: folder.path).newest()
        let runs = try Self.admittedRuns(around: folder, begun.header, request)
        let opened = try folder.resume(covering: newest.ledger, witness: request.witnessFile)
        guard let ledger = opened else { throw LedgerError.missing(path: folder.path) }
        guard ledger.record.header == begun.header else {
            throw LedgerError.busy(path: folder.path)
        }
        try RunFiles(folder: folder.path).requireFinal(newest.reader.header, ledger.record)
        let settings = ResumptionCheck.settings(of: description, changedBy: request)
        let reading = try CorpusReading(
            resuming: description,
            settings: settings,
            paths: request.dataPaths
        )
        let directory = LedgerDirectory(path: folder.parent)
        guard try Self.fingerprint(reading, directory) == ledger.record.header.corpus else {
            throw TrainingError.otherCorpus(path: folder.path)
        }
        let tokenizer = try BytePairTokenizer(folder: folder.path)
        let configuration = newest.reader.header.configuration
        try TokenizedModel.requireFit(tokenizer, configuration, path: folder.path)
        try Self.requireFits(configuration, settings.sequenceLength)
        let state = try TrainingState(
            newest.reader,
            loraRank: settings.loraRank,
            trainable: .all,
            settings: settings.optimizer
        )
        try self.init(
            PrivateCorpus.read(reading, tokenizer: tokenizer) {
                try directory.makeFingerprintKey()
            },
            description,
            state: state,
            tokenizer: tokenizer,
            settings: settings,
            ledger: ledger,
            corpusRuns: runs,
            threads: request.threads
        )
    }
}

extension FineTuningStart {
    /// What a user must know before steps that were reserved are paid for again; nil if none are.
    ///
    /// Steps after the newest checkpoint are computed again. With all inputs as they were that is the
    /// same release; with other threads, micro-batches or another machine it is a further one.
    ///
    /// - Throws: `LedgerError`, `PrivacyError`.
    func lossOfReservations(_ parallel: ParallelFor) throws -> Message? {
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
            + " something they depend on has changed, such as \(.threads), \(.microBatchSize), the"
            + " processor or the build. "
            + (canFinish
                ? "All \(total) steps still fit the target."
                : "The target then does not last for all \(total) steps."
                    + " Stop now and resume with what the run had before.")
    }
}
