package import Corpus
package import DifferentialPrivacy
package import Kernels
package import LanguageModel
package import Messages
package import PrivateEvolution

/// What one private prediction is asked to do, besides its corpus and model.
package struct TextPredictionRequest: Sendable {
    /// Where the run is, whether it goes on, and what watches over its spending.
    package var run: RunRequest
    /// The target.
    package var budget: PrivacyBudget
    /// What to do.
    package var settings: PredictionSettings
    /// What comes first in every prompt, public; empty for nothing.
    package var instruction: String
    /// N as a public constant; what was read if nil.
    package var datasetSize: Int?

    /// States a request.
    package init(
        _ run: RunRequest,
        budget: PrivacyBudget,
        settings: PredictionSettings,
        instruction: String = "",
        datasetSize: Int? = nil
    ) {
        self.run = run
        self.budget = budget
        self.settings = settings
        self.instruction = instruction
        self.datasetSize = datasetSize
    }
}

/// The public model of a prediction.
package struct PredictionModel: Sendable {
    let parameters: DecoderParameters
    let tokenizer: BytePairTokenizer
    let digest: [UInt8]

    /// Names a model.
    ///
    /// - Parameters:
    ///   - parameters: Not trained on the private corpus.
    ///   - tokenizer: The model's.
    ///   - digest: Of weights and tokenizer.
    package init(
        _ parameters: DecoderParameters,
        tokenizer: BytePairTokenizer,
        digest: [UInt8]
    ) {
        self.parameters = parameters
        self.tokenizer = tokenizer
        self.digest = digest
    }
}

/// A private prediction from a corpus on disk to the files of a run: begun, or continued.
package struct TextPrediction {
    private let request: TextPredictionRequest
    private let corpus: TextCorpus
    private let model: PredictionModel
    private let format: PromptFormat
    private let life: RunLife<PredictionPlan>

    /// Makes the run folder, or opens the one that is there.
    ///
    /// A run that goes on keeps the plan that it began with.
    ///
    /// - Parameters:
    ///   - request: What to do.
    ///   - corpus: Whose records stand in the prompts; its unit is a record.
    ///   - model: Public; the one that the run began with.
    /// - Throws: `LedgerError`, `RunError`, `PrivacyError`, `PrivatePredictionError`. An existing run is
    ///   then as it was.
    package init(
        _ request: TextPredictionRequest,
        corpus: TextCorpus,
        model: PredictionModel
    ) throws {
        precondition(corpus.unit == .record)
        self.request = request
        self.corpus = corpus
        self.model = model
        let settings = request.settings
        try settings.validate()
        format = try PromptFormat(
            tokenizer: model.tokenizer,
            instruction: request.instruction,
            labels: (0..<corpus.classes.count).map(corpus.classes.line),
            recordsPerPrompt: settings.recordsPerPrompt,
            room: model.parameters.configuration.contextLength - settings.maximumNewTokens
        )
        let source = ContentDigest(
            domain: "prediction-source",
            fields: [("model", model.digest), ("format", format.description)]
        )
        life =
            try request.run.isForNewRun()
            ? try Self.begin(request, corpus, source) : try Self.resume(request, corpus, source)
    }

    /// What the run's ledger was begun with.
    package var header: LedgerHeader { life.header }

    /// The runs on the same or an overlapping corpus when this process began.
    package var corpusRuns: CorpusRuns { life.corpusRuns }

    /// Facts that the user must know before it runs.
    package var notes: [Message] {
        let units = request.datasetSize ?? corpus.unitCount
        let labels =
            corpus.hasFoundLabelValues
            ? corpus.classes.labelSet?.warningsWhereFound(among: units) ?? [] : []
        var notes = life.notes(
            unitCount: corpus.unitCount,
            isCounted: request.datasetSize == nil,
            labels: labels
        )
        if let mechanism = life.description.exponentialMechanism,
            mechanism.clipping < PredictionSettings.leastClipping
        {
            notes.append(
                "A record shifts a token's logit by at most \(PredictionSettings.rounded(mechanism.clipping))"
                    + " nats: the texts will be nearly those of the public model."
                    + " Raise \(.epsilon) or \(.prompts), or lower \(.maxNewTokens)."
            )
        }
        return notes
    }

    /// Runs, or goes on, to the end; a finished run only reports, with a manifest if it lacks one.
    ///
    /// - Parameters:
    ///   - parallel: The threads to use.
    ///   - observe: Told how many texts are done.
    /// - Returns: What was spent and where the texts are.
    /// - Throws: What ledger and disk throw; `PrivatePredictionError`; `CancellationError`. It can be
    ///   resumed.
    package func run(
        parallel: ParallelFor,
        observe: @escaping @Sendable (Int) -> Void
    ) throws -> TextPredictionOutcome {
        let name = PredictionFolder.textName
        if life.isFinished {
            try life.restoreManifest(releasing: [name]) {}
            return try outcome()
        }
        let texts = try PrivatePrediction(
            plan: life.description,
            decoder: ContextDecoder(model.parameters, parallel: parallel),
            vocabulary: TextVocabulary(model.tokenizer),
            format: format,
            folder: PredictionFolder(path: request.run.folder),
            records: corpus.textsByClass(),
            corpus: try corpus.digest(product: request.run.product),
            machine: ComputingMachine(isPrivate: header.isPrivate)
        ).run(ledger: life.ledger, observe: observe)
        try write(texts)
        try life.finish(steps: life.description.settings.rounds, releasing: [name])
        return try outcome()
    }

    private func write(_ texts: [PredictedText]) throws {
        let writer = try SyntheticTextWriter(
            path: request.run.folder + "/" + PredictionFolder.textName,
            labelColumns: corpus.classes.labelSet?.columns ?? []
        )
        for text in texts {
            try writer.write(
                text: Array(text.text.utf8),
                labels: corpus.classes.labels(ofClass: text.classIndex)
            )
        }
        try writer.finish()
    }

    private func outcome() throws -> TextPredictionOutcome {
        TextPredictionOutcome(
            plan: life.description,
            guarantee: try life.guarantee() ?? .vacuous,
            corpusEpsilon: try life.corpusGuarantee()?.epsilon ?? .infinity,
            notPrivate: !header.isPrivate,
            tokenCount: try PredictionFolder(path: request.run.folder).texts()
                .reduce(0) { $0 + $1.tokens },
            output: request.run.folder + "/" + PredictionFolder.textName
        )
    }
}

extension TextPrediction {
    private static func begin(
        _ request: TextPredictionRequest,
        _ corpus: TextCorpus,
        _ source: ContentDigest
    ) throws -> RunLife<PredictionPlan> {
        let plan = try PredictionPlan(
            settings: request.settings,
            budget: request.budget,
            unitCount: request.datasetSize ?? corpus.unitCount,
            source: source
        )
        return try RunLife(
            beginning: plan,
            request.run,
            request.run.identity(),
            corpus: corpus.fingerprint,
            texts: corpus.sketch
        )
    }

    private static func resume(
        _ request: TextPredictionRequest,
        _ corpus: TextCorpus,
        _ source: ContentDigest
    ) throws -> RunLife<PredictionPlan> {
        let begun = try BegunRun<PredictionPlan>(request.run)
        return try begun.resume(
            begun.description.differences(from: request.settings, request.budget, source: source),
            corpus: corpus.fingerprint,
            covering: try PredictionFolder(path: request.run.folder).newestPosition()
        )
    }
}

/// What a finished prediction reports; everything in it is public.
package struct TextPredictionOutcome: Sendable {
    /// The plan.
    package let plan: PredictionPlan
    /// What was spent, by the ledger; ε = ∞ at δ = 0 if nothing is promised.
    package let guarantee: PrivacyGuarantee
    /// ε of all runs beside this one on the same corpus, at the plan's δ.
    package let corpusEpsilon: Double
    /// True for ε = ∞ and for seeded runs.
    package let notPrivate: Bool
    /// Tokens that were chosen for all texts together.
    package let tokenCount: Int
    /// The file of texts.
    package let output: String
}
