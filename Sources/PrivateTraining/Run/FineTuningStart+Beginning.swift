import Autograd
import Checkpoints
import Corpus
import DifferentialPrivacy
import Foundation
import Kernels
import LanguageModel
import Messages
import Training

extension FineTuningStart {
    /// A run that begins: plans, and makes the folder by one rename.
    init(beginning request: FineTuningRequest) throws {
        try PublicBase.require(request.modelFolder, as: .model)
        let reading = try CorpusReading(beginning: request)
        let base = try TokenizedModel(folder: request.modelFolder)
        let (tokenizer, parameters) = (base.tokenizer, base.parameters)
        let directory = request.run.directory
        try Self.requireFits(parameters.configuration, reading.sequenceLength)
        try Self.requireAdaptersFit(request.loraRank, parameters.configuration)
        try PublicProbe(
            tokenizer,
            sequenceLength: reading.sequenceLength,
            labels: reading.labelValues
        ).require(parameters, parallel: ParallelFor(threadCount: request.threads))
        let found = try PrivateCorpus.read(reading, tokenizer: tokenizer) {
            try Self.makeFolder(directory.path)
            return try directory.makeFingerprintKey()
        }
        let unitCount = request.datasetSize ?? found.corpus.userCount ?? found.corpus.recordCount
        let planned = try FineTuningPlan(request, unitCount: unitCount)
        try Self.requireHistogram(found, planned.plan)
        try Self.makeFolder(directory.path)
        let key = try directory.makeFingerprintKey()
        let identity = request.run.identity()
        let state = TrainingState(
            parameters: parameters,
            adapters: Self.newAdapters(
                planned.settings.loraRank,
                parameters.configuration,
                identity
            ),
            trainable: .all,
            settings: planned.settings.optimizer
        )
        try Self.requireExactNoiseFits(
            planned.plan,
            coordinates: state.trainedLayout.count
        )
        let life = try RunLife(
            beginning: Self.describe(request, found, planned, identity),
            request.run,
            identity,
            corpus: Self.fingerprint(reading, directory),
            texts: SealedSketch(CorpusSketch(texts: found.texts, key: key), key: key)
        ) { try RunFiles(folder: $0).populate(state, tokenizer) }
        try self.init(
            life,
            found,
            state: state,
            tokenizer: tokenizer,
            settings: planned.settings,
            threads: request.threads
        )
    }

    /// Adapters that change nothing yet, from the run's own stream: A random, B zero.
    private static func newAdapters(
        _ rank: Int?,
        _ configuration: DecoderConfiguration,
        _ identity: RunIdentity
    ) -> DecoderAdapters? {
        guard let rank else { return nil }
        let key = StepKey(
            secret: identity.secret,
            inputs: StepInputs(runIdentifier: identity.name, label: "adapters")
        )
        var generator = KeyStreamGenerator(key.stream(for: .initialization))
        return DecoderAdapters(initializing: configuration, rank: rank, using: &generator)
    }

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

    /// Label counts over too many combinations would be noise alone.
    private static func requireHistogram(_ found: PrivateCorpus.Found, _ plan: PrivacyPlan) throws {
        guard !plan.releases.isEmpty, found.unitLabels.bins.count == 0 else { return }
        throw TrainingError.badConfiguration(
            problem: "\(.labelCountsEpsilon) needs a label set of at most \(JointLabels.limit)"
                + " combinations."
        )
    }

    private static func describe(
        _ request: FineTuningRequest,
        _ found: PrivateCorpus.Found,
        _ planned: FineTuningPlan,
        _ identity: RunIdentity
    ) throws -> RunDescription {
        RunDescription(
            productVersion: ProductVersion.current,
            runIdentifier: identity.name,
            notPrivate: identity.secret.isInsecure || !planned.plan.isPrivate,
            plan: planned.plan,
            datasetSizeSource: request.datasetSize == nil ? .corpus : .given,
            textColumn: request.columns.text,
            userColumn: request.columns.user,
            labels: found.labels,
            labelValuesSource: found.labelValuesSource,
            settings: planned.settings,
            labelProbe: planned.plan.labelProbe.map { _ in request.labelSettings },
            baseModel: try baseModelDigest(request.modelFolder),
            baseModelName: request.modelName
        )
    }

    /// SHA-256 of the file that the weights were read from; of several, of the lines of their sums.
    static func baseModelDigest(_ folder: String) throws -> String {
        try ModelFolder(path: folder).openWeights().fileDigest()
    }
}

extension FineTuningStart {
    /// Refuses a model that cannot read that many tokens.
    static func requireFits(_ configuration: DecoderConfiguration, _ sequenceLength: Int) throws {
        guard sequenceLength >= 2, sequenceLength <= configuration.contextLength else {
            throw TrainingError.badConfiguration(
                problem: "\(.sequenceLength) is \(sequenceLength); it must be between 2 and the"
                    + " model's context of \(configuration.contextLength)."
            )
        }
    }

    /// Refuses adapters that are larger than what they are added to.
    ///
    /// No checkpoint with such adapters is read.
    static func requireAdaptersFit(_ rank: Int?, _ configuration: DecoderConfiguration) throws {
        guard let rank, rank > configuration.narrowestWidth else { return }
        throw TrainingError.badConfiguration(
            problem: "\(.loraRank) is \(rank); it must be at most the width of"
                + " the model's narrowest layer, \(configuration.narrowestWidth)."
        )
    }

    /// The corpus files and the columns that are read of them.
    static func fingerprint(
        _ reading: CorpusReading,
        _ directory: LedgerDirectory
    ) throws -> CorpusFingerprint {
        try CorpusFingerprint(
            paths: reading.paths,
            columns: reading.columns.namesByPurpose,
            key: try directory.makeFingerprintKey()
        )
    }

    /// Refuses exact noise whose grid would be too coarse for that many coordinates.
    static func requireExactNoiseFits(_ plan: PrivacyPlan, coordinates: Int) throws {
        guard plan.noiseKind == .discreteGaussian else { return }
        let largest = GaussianMechanism.largestDiscreteNoiseMultiplier(coordinates: coordinates)
        guard plan.noiseMultiplier <= largest else {
            throw TrainingError.badConfiguration(
                problem: "\(.exactNoise) over \(coordinates) parameters serves noise multipliers up"
                    + " to \(largest), not \(plan.noiseMultiplier). Leave it out,"
                    + " train fewer parameters (\(.loraRank)), or with less noise."
            )
        }
    }
}
