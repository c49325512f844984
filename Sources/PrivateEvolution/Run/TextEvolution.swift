import Corpus
package import DifferentialPrivacy
package import Kernels
package import LanguageModel
package import Messages

/// An evolution of texts from a corpus on disk to the files of a run: begun, or continued.
package struct TextEvolution {
    private let request: TextEvolutionRequest
    private let corpus: TextCorpus
    private let generator: any CandidateGenerator<String>
    private let embedder: any TextEmbedder
    private let run: EvolutionRun
    /// The runs on the same or an overlapping corpus when this process began.
    package let corpusRuns: CorpusRuns

    /// Makes the run folder, or opens the one that is there.
    ///
    /// A run that goes on keeps the plan that it began with.
    ///
    /// - Parameters:
    ///   - request: What to do.
    ///   - corpus: Who votes.
    ///   - generator: Proposes texts; the one that the run began with.
    ///   - embedder: For texts and records; likewise.
    /// - Throws: `LedgerError`: `alreadyExists` without `resumes`, …; `PrivacyError`;
    ///   `PrivateEvolutionError`: `otherSettings`, `otherCorpus`, `invalidSetting`. An existing run
    ///   is then as it was.
    package init(
        _ request: TextEvolutionRequest,
        corpus: TextCorpus,
        generator: some CandidateGenerator<String>,
        embedder: any TextEmbedder
    ) throws {
        self.request = request
        self.corpus = corpus
        self.generator = generator
        self.embedder = embedder
        let sources = EvolutionSources(generator: generator, embedder: embedder)
        let folder = RunFolder(path: request.folder)
        let isNew = try folder.isVacant()
        guard isNew || request.resumes else {
            throw LedgerError.alreadyExists(path: request.folder)
        }
        (run, corpusRuns) =
            isNew
            ? try Self.begin(request, corpus, sources)
            : try Self.resume(request, corpus, sources)
    }

    /// What the run's ledger was begun with.
    package var header: LedgerHeader { run.ledger.record.header }

    /// Facts that the user must know before it runs.
    package var notes: [Message] {
        var notes: [Message] = []
        if !isPrivate { notes.append("NOT PRIVATE: this run gives no guarantee.") }
        if request.datasetSize == nil {
            let units = corpus.unit == .record ? "records" : "users"
            notes.append(
                "The number of \(units), \(corpus.unitCount), is treated as public."
                    + " Pass \(.datasetSize) to use another public number."
            )
        }
        if corpus.hasFoundLabelValues {
            let units = request.datasetSize ?? corpus.unitCount
            notes += corpus.classes.labelSet?.warningsWhereFound(among: units) ?? []
        }
        return notes
    }

    /// Runs, or goes on, to the end; a finished run only reports, with a manifest if it lacks one.
    ///
    /// - Parameters:
    ///   - parallel: The threads to use.
    ///   - observe: Told of progress; may be called from any thread.
    /// - Returns: What was spent and where the texts are.
    /// - Throws: What generator, ledger and disk throw; `CancellationError`. It can be resumed.
    nonisolated(nonsending) package func run(
        parallel: ParallelFor,
        observe: @escaping @Sendable (EvolutionProgress) -> Void
    ) async throws -> TextEvolutionOutcome {
        guard !run.ledger.record.isFinished else {
            try run.restoreManifest(checkedBy: request.fullWitness())
            return try outcome()
        }
        let voters = try corpus.embedded(by: embedder, parallel: parallel) {
            observe(.reading(share: $0))
        }
        let kept = try await evolve(voters, generator, parallel, observe)
        try run.finish(kept, checkedBy: request.fullWitness())
        return try outcome()
    }

    private nonisolated(nonsending) func evolve(
        _ voters: PrivateCorpus,
        _ generator: some CandidateGenerator<String>,
        _ parallel: ParallelFor,
        _ observe: @escaping @Sendable (EvolutionProgress) -> Void
    ) async throws -> [Individual<String>] {
        try await PrivateEvolution(
            settings: run.plan.settings,
            noiseMultiplier: run.plan.noiseMultiplier,
            generator: generator,
            embedder: TextCandidateEmbedder(embedder),
            folder: run.folder,
            corpus: try corpus.digest(product: request.product),
            machine: ComputingMachine(isPrivate: isPrivate),
            parallel: parallel
        ).run(
            on: voters,
            ledger: run.ledger,
            observe: observe,
            publish: { try run.publish($0, $1) }
        )
    }

    private var isPrivate: Bool { run.ledger.record.header.isPrivate }

    private func outcome() throws -> TextEvolutionOutcome {
        let around = LedgerDirectory(path: RunFolder(path: request.folder).parent)
        let total = try around.runs(like: header, checkedBy: request.fullWitness())
            .spending(by: run.plan.unit)
            .guarantee(under: run.plan.budget)
        return TextEvolutionOutcome(
            plan: run.plan,
            guarantee: try run.ledger.record.guarantee() ?? .vacuous,
            corpusEpsilon: total?.epsilon ?? .infinity,
            notPrivate: !isPrivate,
            output: run.output
        )
    }
}

extension TextEvolution {
    private static func begin(
        _ request: TextEvolutionRequest,
        _ corpus: TextCorpus,
        _ sources: EvolutionSources
    ) throws -> (EvolutionRun, CorpusRuns) {
        let unitCount = request.datasetSize ?? corpus.unitCount
        try EvolutionSettings.require(.datasetSize, unitCount, unitCount >= 1, "at least 1")
        let plan = try EvolutionPlan(
            settings: request.settings,
            unit: corpus.unit,
            budget: request.budget,
            unitCount: unitCount,
            sources: sources
        )
        let secret = request.insecureSeed.map(RunSecret.insecure) ?? .fromSystem()
        let header = LedgerHeader(
            product: request.product,
            method: .evolve,
            runIdentifier: secret.makeRunIdentifier(),
            corpus: corpus.fingerprint,
            texts: corpus.sketch,
            isInsecure: secret.isInsecure,
            promise: plan.promise,
            description: try EvolutionFolder.encode(plan)
        )
        var runs = CorpusRuns()
        let run = try EvolutionRun.begin(
            path: request.folder,
            plan: plan,
            classes: corpus.classes,
            secret: secret,
            header: header,
            witness: request.witnessFile,
            admit: { runs = try request.admittedRuns(with: header) }
        )
        return (run, runs)
    }

    private static func resume(
        _ request: TextEvolutionRequest,
        _ corpus: TextCorpus,
        _ sources: EvolutionSources
    ) throws -> (EvolutionRun, CorpusRuns) {
        guard
            let run = try EvolutionRun.resume(
                path: request.folder,
                settings: request.settings,
                budget: request.budget,
                classes: corpus.classes,
                sources: sources,
                witness: request.witnessFile
            )
        else { throw LedgerError.missing(path: request.folder) }
        let begun = run.ledger.record.header.corpus
        guard begun.files == corpus.fingerprint.files else {
            throw PrivateEvolutionError.otherCorpus(path: request.folder)
        }
        guard begun == corpus.fingerprint, run.plan.unit == corpus.unit else {
            throw PrivateEvolutionError.otherSettings(path: request.folder)
        }
        return (run, try request.admittedRuns(with: run.ledger.record.header))
    }
}
