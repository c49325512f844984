import Checkpoints
import Corpus
import DifferentialPrivacy
import LanguageModel

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
        let opened = try folder.resume(covering: newest.ledger)
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
            threads: request.threads
        )
    }
}
