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
    /// The run: what it was begun with, and its ledger, locked.
    let life: RunLife<RunDescription>
    let labelCounts: LabelCountsRelease?
    let labelProbe: LabelProbeTraining?
    /// What was read of the corpus; private.
    let counts: CorpusCounts
    let notes: [Message]
}

extension FineTuningStart {
    /// Makes or reopens the run of a request.
    init(_ request: FineTuningRequest) throws {
        let isNew = try request.run.isForNewRun()
        self = isNew ? try Self(beginning: request) : try Self(resuming: request)
    }

    /// Puts together what beginning and resuming have in common.
    init(
        _ life: RunLife<RunDescription>,
        _ found: PrivateCorpus.Found,
        state: TrainingState,
        tokenizer: BytePairTokenizer,
        settings: TrainingSettings,
        threads: Int
    ) throws {
        let description = life.description
        let environment = RunEnvironment(
            fingerprint: life.header.corpus,
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
            life: life,
            labelCounts: try LabelCountsRelease(
                found.unitLabels,
                description,
                environment: environment
            ),
            labelProbe: LabelProbeTraining(found.labelled, environment: environment),
            counts: found.counts,
            notes: description.notes.lines
        )
    }
}

extension FineTuningStart {
    /// A run that goes on: its plan is read, not solved again.
    init(resuming request: FineTuningRequest) throws {
        let begun = try BegunRun<RunDescription>(request.run)
        let (folder, description) = (request.run.folder, begun.description)
        let differences = try ResumptionCheck(folder, description).differences(from: request)
        let settings = ResumptionCheck.settings(of: description, changedBy: request)
        let reading = try CorpusReading(
            resuming: description,
            settings: settings,
            paths: request.dataPaths
        )
        let directory = request.run.directory
        let corpus = try Self.fingerprint(reading, directory)
        let files = RunFiles(folder: folder)
        let newest = try files.newest()
        let life = try begun.resume(differences, corpus: corpus, covering: newest.ledger)
        try files.requireFinal(newest.reader.header, life.ledger.record)
        let tokenizer = try BytePairTokenizer(folder: folder)
        let configuration = newest.reader.header.configuration
        try TokenizedModel.requireFit(tokenizer, configuration, path: folder)
        try Self.requireFits(configuration, settings.sequenceLength)
        let state = try TrainingState(
            newest.reader,
            loraRank: settings.loraRank,
            trainable: .all,
            settings: settings.optimizer
        )
        try self.init(
            life,
            PrivateCorpus.read(reading, tokenizer: tokenizer) {
                try directory.makeFingerprintKey()
            },
            state: state,
            tokenizer: tokenizer,
            settings: settings,
            threads: request.threads
        )
    }
}

extension FineTuningStart {
    /// What a user must know before steps that were reserved are paid for again; nil if none are.
    ///
    /// Steps after the newest checkpoint are computed again.
    ///
    /// - Throws: `LedgerError`, `PrivacyError`.
    func lossOfReservations(_ parallel: ParallelFor) throws -> Message? {
        let (plan, next, ledger) = (inputs.plan, state.step, life.ledger)
        return try life.lossOfReservations(
            "steps",
            next: next,
            last: ledger.record.lastStep,
            total: plan.schedule.steps,
            event: plan.stepEvent
        ) {
            try ledger.canReplay(
                step: next,
                of: plan,
                state: ledger.digest(ofState: state.buffers, parallel: parallel),
                environment: inputs.environment
            )
        }
    }
}
