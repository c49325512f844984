import Corpus
import DifferentialPrivacy
import Kernels
import LabelProbe
import LanguageModel
import Training

/// Trains the label probe of a run on frozen features of its final model, and writes it beside the last
/// checkpoint.
///
/// 1. The final model writes texts under every label; their features whiten those of the records.
/// 2. Every record goes through the model alone, without its labels.
/// 3. T reserved steps of noised gradient descent, `LabelProbeTrainer`.
///
/// Killed anywhere, it does all of it again: the same texts, the same features, and steps that the ledger
/// knows already.
struct LabelProbeTraining {
    /// Why it ended, and after how many steps.
    struct Outcome: Equatable {
        var isInterrupted = false
        var steps = 0
    }

    private let plan: FullBatchPlan
    private let settings: LabelProbeSettings
    private let labels: LabelSet
    /// The records by unit: private.
    private let units: [[LabelledTokens]]
    private let environment: RunEnvironment
    private let tokenizer: BytePairTokenizer

    /// What the run's plan pays for; nil if it trains no probe.
    init?(_ units: [[LabelledTokens]], environment: RunEnvironment) {
        guard let plan = environment.description.plan.labelProbe,
            let settings = environment.description.labelProbe
        else { return nil }
        self.plan = plan
        self.settings = settings
        self.units = units
        self.environment = environment
        labels = environment.description.labels
        tokenizer = environment.tokenizer
    }

    /// How often `goesOn` is asked at most.
    var pieces: Int { ProbeCorpus.readings + plan.steps }

    /// Trains the probe of the final model and writes it; does nothing if it is there.
    ///
    /// - Parameters:
    ///   - model: The final model, adapters merged.
    ///   - folder: The run's.
    ///   - ledger: The run's.
    ///   - parallel: The threads to use.
    ///   - goesOn: Asked with how many of `pieces` are done.
    /// - Returns: How many steps led to it.
    /// - Throws: `LedgerError`, `CheckpointError`, `LabelProbeError`.
    func run(
        _ model: DecoderParameters,
        folder: String,
        ledger: PrivacyLedger,
        parallel: ParallelFor,
        goesOn: (Int) -> Bool
    ) throws -> Outcome {
        let states = PooledStates(
            model,
            tokenLimit: Self.tokenLimit(ofSequences: environment.settings.sequenceLength),
            beginningOfText: tokenizer.beginningOfText
        )
        if try LabelProbeFile.read(
            from: folder,
            parameters: model,
            beginningOfText: tokenizer.beginningOfText
        ) != nil {
            return Outcome(steps: plan.steps)
        }
        let whitening = try whitening(model, states, ledger, parallel)
        guard
            let corpus = ProbeCorpus(
                units: units,
                states: states,
                whitening: whitening,
                labels: labels,
                parallel: parallel,
                goesOn: goesOn
            )
        else { return Outcome(isInterrupted: true) }
        let trained = try train(corpus, ledger, parallel, goesOn: goesOn)
        guard trained.end != .interrupted else { return Outcome(isInterrupted: true) }
        guard trained.steps > 0 else { return Outcome() }
        let probe = LabelProbe(
            labels: labels,
            states: states,
            whitening: whitening,
            classifier: trained.classifier
        )
        try LabelProbeFile.write(probe, to: folder, isPrivate: true)
        return Outcome(steps: trained.steps)
    }

    /// Tokens of a text that the probe reads: as many as fit a training sequence, labels left out.
    static func tokenLimit(ofSequences length: Int) -> Int { length - 1 }

    private func whitening(
        _ model: DecoderParameters,
        _ states: PooledStates,
        _ ledger: PrivacyLedger,
        _ parallel: ParallelFor
    ) throws -> FeatureWhitening {
        let drawn = try texts(
            of: model,
            key: ledger.publicKey(label: "label-probe texts"),
            parallel
        )
        let features = FeatureWhitening.SyntheticFeatures(
            ofDrawn: TrainingSeam.whitened(drawn, besides: units),
            states: states,
            parallel: parallel
        )
        return FeatureWhitening(of: features, settings: settings)
    }

    /// Texts of the model under labels drawn evenly; post-processing of what was released.
    private func texts(
        of model: DecoderParameters,
        key: StepKey,
        _ parallel: ParallelFor
    ) throws -> [[Int32]] {
        let encoder = ExampleEncoder(tokenizer: tokenizer, sequenceLength: 2, labelSet: labels)
        var generator = KeyStreamGenerator(key.stream(for: .decoding, lane: .max))
        let prompts = (0..<settings.syntheticTexts).map { _ in
            let places = labels.drawnEvenly(using: &generator)
            let prefix = encoder.prefix(labels: labels.labels(at: places))
            // Values that leave no room for a text have no records either.
            return prefix.count < environment.settings.sequenceLength
                ? prefix : encoder.prefix(labels: [])
        }
        let options = SamplingOptions(
            maximumNewTokens: Self.tokenLimit(ofSequences: environment.settings.sequenceLength),
            tokenizer: tokenizer
        )
        let drawn = try TextGenerator(model, textCount: prompts.count, parallel: parallel)
            .generate(prompts, options) { text in
                KeyStreamGenerator(key.stream(for: .decoding, lane: UInt64(text)))
            }
        return drawn.filter { !$0.isEmpty }
    }

    private func train(
        _ corpus: ProbeCorpus,
        _ ledger: PrivacyLedger,
        _ parallel: ParallelFor,
        goesOn: (Int) -> Bool
    ) throws -> LabelProbeTrainer.Outcome {
        let environment = try environment.digestForProbe(
            inputs: ledger.digest(ofState: [corpus.inputs], parallel: parallel),
            outline: corpus.outline
        )
        let trainer = LabelProbeTrainer(
            plan,
            settings: settings,
            corpus: corpus,
            parallel: parallel
        )
        return try trainer.run(
            labels: labels,
            reserve: { step, state in
                do {
                    return try ledger.reserve(
                        labelProbeStep: step,
                        of: plan,
                        state: ledger.digest(ofState: state, parallel: parallel),
                        environment: environment
                    )
                } catch LedgerError.targetExceeded {
                    return nil
                }
            },
            goesOn: { goesOn(ProbeCorpus.readings + $0) }
        )
    }
}
