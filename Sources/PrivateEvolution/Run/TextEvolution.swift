import Corpus
package import DifferentialPrivacy
package import Kernels
package import LanguageModel
package import Messages

/// An evolution of texts from a corpus on disk to the files of a run: begun, or continued.
package struct TextEvolution {
    private let corpus: TextCorpus
    private let generator: any CandidateGenerator<String>
    private let embedder: any TextEmbedder
    private let life: RunLife<EvolutionPlan>
    private let datasetSize: Int?

    /// Makes the run folder, or opens the one that is there.
    ///
    /// A run that goes on keeps the plan that it began with.
    ///
    /// - Parameters:
    ///   - request: What to do.
    ///   - corpus: Who votes.
    ///   - generator: Proposes texts; the one that the run began with.
    ///   - embedder: For texts and records; likewise.
    /// - Throws: `LedgerError`: `alreadyExists` without `resumes`, …; `PrivacyError`; `RunError`:
    ///   `otherSettings`, `otherCorpus`; `PrivateEvolutionError.invalidSetting`. An existing run is then
    ///   as it was.
    package init(
        _ request: TextEvolutionRequest,
        corpus: TextCorpus,
        generator: some CandidateGenerator<String>,
        embedder: any TextEmbedder
    ) throws {
        self.corpus = corpus
        self.generator = generator
        self.embedder = embedder
        datasetSize = request.datasetSize
        let sources = EvolutionSources(generator: generator, embedder: embedder)
        life =
            try request.run.isForNewRun()
            ? try Self.begin(request, corpus, sources)
            : try Self.resume(request, corpus, sources)
    }

    /// What the run's ledger was begun with.
    package var header: LedgerHeader { life.header }

    /// The runs on the same or an overlapping corpus when this process began.
    package var corpusRuns: CorpusRuns { life.corpusRuns }

    /// Facts that the user must know before it runs.
    package var notes: [Message] {
        let unitCount = datasetSize ?? corpus.unitCount
        return life.notes(
            unitCount: unitCount,
            isCounted: datasetSize == nil,
            labels: corpus.hasFoundLabelValues
                ? corpus.classes.labelSet?.warningsWhereFound(among: unitCount) ?? [] : []
        )
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
        guard !life.isFinished else {
            try life.restoreManifest(releasing: [EvolutionFolder.textName], check: requireOwnTexts)
            return try outcome()
        }
        let voters = try corpus.embedded(by: embedder, parallel: parallel) {
            observe(.reading(share: $0))
        }
        let kept = try await evolve(voters, generator, parallel, observe)
        try texts.write(kept)
        try life.finish(
            steps: life.description.settings.iterations,
            releasing: [EvolutionFolder.textName]
        )
        return try outcome()
    }

    private nonisolated(nonsending) func evolve(
        _ voters: PrivateCorpus,
        _ generator: some CandidateGenerator<String>,
        _ parallel: ParallelFor,
        _ observe: @escaping @Sendable (EvolutionProgress) -> Void
    ) async throws -> [Individual<String>] {
        let texts = texts
        return try await PrivateEvolution(
            settings: life.description.settings,
            noiseMultiplier: life.description.noiseMultiplier,
            generator: generator,
            embedder: TextCandidateEmbedder(embedder),
            folder: folder,
            corpus: try corpus.digest(product: life.request.product),
            machine: ComputingMachine(isPrivate: header.isPrivate),
            parallel: parallel
        ).run(
            on: voters,
            ledger: life.ledger,
            observe: observe,
            publish: { try texts.write($1, ofIteration: $0) }
        )
    }

    /// Refuses texts of a finished run that are not those of its last iteration.
    private func requireOwnTexts() throws {
        let iterations = life.description.settings.iterations
        let last = folder.path + "/" + EvolutionFolder.iterationName(iterations)
        let (name, kept) = (EvolutionFolder.textName, try folder.files.names(in: last) ?? [])
        guard kept.contains(name),
            try ReleasedFile(name, in: last) == ReleasedFile(name, in: folder.path)
        else {
            throw PrivateEvolutionError.damagedState(
                path: texts.path,
                reason: "it is not what the last iteration kept"
            )
        }
    }

    private func outcome() throws -> TextEvolutionOutcome {
        TextEvolutionOutcome(
            plan: life.description,
            guarantee: try life.guarantee() ?? .vacuous,
            corpusEpsilon: try life.corpusGuarantee()?.epsilon ?? .infinity,
            notPrivate: !header.isPrivate,
            output: texts.path
        )
    }

    private var folder: EvolutionFolder { EvolutionFolder(path: life.request.folder) }

    private var texts: EvolutionTexts { EvolutionTexts(folder: folder, classes: corpus.classes) }
}

extension TextEvolution {
    private static func begin(
        _ request: TextEvolutionRequest,
        _ corpus: TextCorpus,
        _ sources: EvolutionSources
    ) throws -> RunLife<EvolutionPlan> {
        let unitCount = request.datasetSize ?? corpus.unitCount
        try EvolutionSettings.require(.datasetSize, unitCount, unitCount >= 1, "at least 1")
        return try RunLife(
            beginning: EvolutionPlan(
                settings: request.settings,
                unit: corpus.unit,
                budget: request.budget,
                unitCount: unitCount,
                sources: sources
            ),
            request.run,
            request.run.identity(),
            corpus: corpus.fingerprint,
            texts: corpus.sketch
        )
    }

    private static func resume(
        _ request: TextEvolutionRequest,
        _ corpus: TextCorpus,
        _ sources: EvolutionSources
    ) throws -> RunLife<EvolutionPlan> {
        let begun = try BegunRun<EvolutionPlan>(request.run)
        let plan = begun.description
        return try begun.resume(
            plan.differences(from: request.settings, request.budget, corpus.unit, sources),
            corpus: corpus.fingerprint,
            covering: try EvolutionFolder(path: request.run.folder)
                .newestPosition(iterations: plan.settings.iterations)
        )
    }
}

/// The texts that an evolution keeps, as `sample` writes them: the run's, and those of each iteration.
struct EvolutionTexts {
    let folder: EvolutionFolder
    let classes: TextClasses

    /// Where those of the run are.
    var path: String { folder.path + "/" + EvolutionFolder.textName }

    /// Writes the texts of the run.
    func write(_ kept: [Individual<String>]) throws { try write(kept, to: path) }

    /// Writes what an iteration kept beside its state.
    func write(_ kept: [Individual<String>], ofIteration iteration: Int) throws {
        try write(kept, to: try folder.iteration(iteration) + "/" + EvolutionFolder.textName)
    }

    private func write(_ kept: [Individual<String>], to path: String) throws {
        let writer = try SyntheticTextWriter(
            path: path,
            labelColumns: classes.labelSet?.columns ?? []
        )
        for individual in kept {
            try writer.write(
                text: Array(individual.candidate.utf8),
                labels: classes.labels(ofClass: individual.classIndex)
            )
        }
        try writer.finish()
    }
}
