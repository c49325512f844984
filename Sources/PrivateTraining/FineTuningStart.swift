import Checkpoints
import Corpus
import DifferentialPrivacy
import Foundation
import Kernels
import LanguageModel

/// Everything a run needs before its next step: a new run, or one that goes on.
struct FineTuningStart {
    let inputs: PrivateTrainer.Inputs
    let state: TrainingState
    let description: RunDescription
    let corpusFingerprint: CorpusFingerprint
    let labelCounts: LabelCountsRelease?
    /// The ledger, locked.
    let ledger: PrivacyLedger?
    let notes: [String]

    private static let epsilonBound: PrivacyLedger.EpsilonBound = {
        event,
        delta throws(PrivacyError) in
        try PrivacyAccounting.guarantee(of: event, delta: delta).epsilon
    }

    /// Makes or reopens the run of a request.
    init(_ request: FineTuningRequest) throws {
        let folder = RunFolder(path: request.runFolder)
        let isNew = try folder.isVacant()
        guard isNew || request.resumes else {
            throw TrainingError.outputExists(path: request.runFolder)
        }
        self = isNew ? try Self(beginning: request, folder) : try Self(resuming: request, folder)
    }

    private init(
        inputs: PrivateTrainer.Inputs,
        state: TrainingState,
        description: RunDescription,
        corpusFingerprint: CorpusFingerprint,
        labelCounts: LabelCountsRelease?,
        ledger: PrivacyLedger?,
        notes: [String]
    ) {
        self.inputs = inputs
        self.state = state
        self.description = description
        self.corpusFingerprint = corpusFingerprint
        self.labelCounts = labelCounts
        self.ledger = ledger
        self.notes = notes
    }
}

extension FineTuningStart {
    /// A run that begins: plans, and makes the folder by one rename.
    private init(beginning request: FineTuningRequest, _ folder: RunFolder) throws {
        let tokenizer = try BytePairTokenizer(folder: request.modelFolder)
        let directory = LedgerDirectory(path: folder.parent)
        let parameters = try ModelFolder(path: request.modelFolder).loadParameters()
        try Self.requireFits(parameters.configuration, request.sequenceLength, tokenizer)
        let reading = try PrivateCorpus.read(request, tokenizer: tokenizer) {
            try Self.makeFolder(folder.parent)
            return try directory.makeFingerprintKey()
        }
        let unitCount =
            request.datasetSize ?? reading.corpus.userCount ?? reading.corpus.recordCount
        let planned = try FineTuningPlan(request, unitCount: unitCount)
        try Self.makeFolder(folder.parent)
        let fingerprint = try Self.fingerprint(request, directory)
        let secret = request.insecureSeed.map(RunSecret.insecure) ?? .fromSystem()
        let description = try Self.describe(request, reading, planned, secret: secret)
        let state = TrainingState(
            parameters: parameters,
            adapters: Self.newAdapters(
                planned.settings.loraRank,
                parameters.configuration,
                secret: secret,
                run: description.runIdentifier
            ),
            trainable: .all,
            settings: planned.settings.optimizer
        )
        let ledger = try folder.create(
            secret: secret,
            header: Self.header(description, fingerprint, secret),
            epsilon: Self.epsilonBound
        ) { path in
            try RunFiles(folder: path).populate(description, state, tokenizer)
        }
        try self.init(
            request,
            reading,
            description,
            fingerprint,
            state,
            tokenizer,
            ledger,
            settings: planned.settings
        )
    }

    /// A run that goes on: its plan is read, not solved again.
    private init(resuming request: FineTuningRequest, _ folder: RunFolder) throws {
        let description = try RunDescription.read(from: folder.path)
        let newest = try RunFiles(folder: folder.path).newest()
        let opened = try folder.resume(covering: newest.ledger, epsilon: Self.epsilonBound)
        guard let ledger = opened else { throw LedgerError.missing(path: folder.path) }
        try ResumptionCheck(path: folder.path, description: description).check(request)
        let directory = LedgerDirectory(path: folder.parent)
        let fingerprint = try Self.fingerprint(request, directory)
        guard fingerprint == ledger.record.header.corpus else {
            throw TrainingError.otherCorpus(path: folder.path)
        }
        let tokenizer = try BytePairTokenizer(folder: folder.path)
        var request = request
        request.labelValues = description.labels
        let reading = try PrivateCorpus.read(request, tokenizer: tokenizer) {
            try directory.makeFingerprintKey()
        }
        let settings = ResumptionCheck.settings(of: description, changedBy: request)
        let state = try TrainingState(
            newest.reader,
            loraRank: settings.loraRank,
            trainable: .all,
            settings: settings.optimizer
        )
        try self.init(
            request,
            reading,
            description,
            fingerprint,
            state,
            tokenizer,
            ledger,
            settings: settings
        )
    }

    private init(
        _ request: FineTuningRequest,
        _ reading: PrivateCorpus.Reading,
        _ description: RunDescription,
        _ fingerprint: CorpusFingerprint,
        _ state: TrainingState,
        _ tokenizer: BytePairTokenizer,
        _ ledger: PrivacyLedger,
        settings: TrainingSettings
    ) throws {
        let environment = RunEnvironment(
            corpus: fingerprint,
            description: description,
            settings: settings,
            tokenizer: tokenizer,
            rule: MicroBatchRule(state.parameters.configuration, threads: request.threads),
            threads: request.threads
        )
        self.init(
            inputs: PrivateTrainer.Inputs(
                plan: description.plan,
                settings: settings,
                corpus: reading.corpus,
                environment: try environment.digest()
            ),
            state: state,
            description: description,
            corpusFingerprint: fingerprint,
            labelCounts: Self.labelCounts(request, reading, description),
            ledger: ledger,
            notes: RunNotes(description).lines
        )
    }
}

extension FineTuningStart {
    private static func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true
            )
        } catch {
            throw TrainingError.cannotCreate(path: path, reason: error.localizedDescription)
        }
    }

    private static func requireFits(
        _ configuration: GPT2Configuration,
        _ sequenceLength: Int,
        _ tokenizer: BytePairTokenizer
    ) throws {
        guard sequenceLength >= 2, sequenceLength <= configuration.contextLength else {
            throw TrainingError.badConfiguration(
                problem: "--sequence-length is \(sequenceLength); it must be between 2 and the"
                    + " model's context of \(configuration.contextLength)."
            )
        }
        guard tokenizer.vocabularySize <= configuration.vocabularySize else {
            throw TrainingError.badConfiguration(
                problem: "the tokenizer has \(tokenizer.vocabularySize) tokens, the model"
                    + " \(configuration.vocabularySize). Use a --model folder that is whole."
            )
        }
    }

    /// Adapters that change nothing yet, from the run's own stream: A random, B zero.
    private static func newAdapters(
        _ rank: Int?,
        _ configuration: GPT2Configuration,
        secret: RunSecret,
        run: String
    ) -> GPT2Adapters? {
        guard let rank else { return nil }
        let nothing = ContentDigest(domain: "nothing", fields: [])
        let key = StepKey(
            secret: secret,
            inputs: StepInputs(
                runIdentifier: run,
                label: "adapters",
                state: nothing,
                environment: nothing
            )
        )
        var generator = KeyStreamGenerator(key.stream(for: .initialization))
        return GPT2Adapters(initializing: configuration, rank: rank, using: &generator)
    }

    private static func fingerprint(
        _ request: FineTuningRequest,
        _ directory: LedgerDirectory
    ) throws -> CorpusFingerprint {
        let columns = request.columns
        return try CorpusFingerprint(
            paths: request.dataPaths,
            columns: ["text", columns.text, "labels"] + columns.labels + ["user"]
                + [columns.user ?? ""],
            key: try directory.makeFingerprintKey()
        )
    }

    private static func describe(
        _ request: FineTuningRequest,
        _ reading: PrivateCorpus.Reading,
        _ planned: FineTuningPlan,
        secret: RunSecret
    ) throws -> RunDescription {
        RunDescription(
            productVersion: ProductVersion.current,
            runIdentifier: secret.makeRunIdentifier(),
            notPrivate: secret.isInsecure || !planned.plan.isPrivate,
            plan: planned.plan,
            datasetSizeSource: request.datasetSize == nil ? .corpus : .given,
            textColumn: request.columns.text,
            userColumn: request.columns.user,
            labels: reading.labels,
            labelValuesSource: reading.labelValuesSource,
            settings: planned.settings,
            baseModel: try baseModelDigest(request.modelFolder)
        )
    }

    /// The weights' SHA-256, or that of the configuration of a folder without safetensors.
    private static func baseModelDigest(_ folder: String) throws -> String {
        let weights = folder + "/model.safetensors"
        let hasWeights = FileManager.default.fileExists(atPath: weights)
        return try FileDigest(of: hasWeights ? weights : folder + "/config.json").description
    }

    private static func header(
        _ description: RunDescription,
        _ fingerprint: CorpusFingerprint,
        _ secret: RunSecret
    ) -> LedgerHeader {
        LedgerHeader(
            product: "dpscribe " + ProductVersion.current,
            method: "finetune",
            runIdentifier: description.runIdentifier,
            corpus: fingerprint,
            isInsecure: secret.isInsecure,
            promise: LedgerPromise(description.plan)
        )
    }

    private static func labelCounts(
        _ request: FineTuningRequest,
        _ reading: PrivateCorpus.Reading,
        _ description: RunDescription
    ) -> LabelCountsRelease? {
        let planned = description.plan.releases.first {
            $0.name == FineTuningPlan.labelCountsName
        }
        guard case .gaussian(let noise)? = planned?.event else { return nil }
        return LabelCountsRelease(
            joint: reading.labelCounts,
            labels: description.labels,
            noiseMultiplier: noise,
            recordsPerUnit: request.columns.user == nil ? 1 : request.maxRecordsPerUser
        )
    }
}
