import Checkpoints
import Corpus
import DifferentialPrivacy
import Foundation
import LanguageModel

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
    let notes: [String]
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
                found.labelCounts,
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
