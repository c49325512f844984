import ArgumentParser
import Corpus
import DifferentialPrivacy
import Foundation
import Kernels
import LanguageModel
import Messages
import PrivateEvolution
import PrivateTraining
import Training

/// `dpscribe evolve`: Private Evolution on a private corpus to a target ε.
struct Evolve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Evolve synthetic text by private votes, without training.",
        discussion: """
            A public model proposes texts; private records vote for those most like them; the votes \
            are noisy. What is kept is varied and voted on again.

              dpscribe evolve --data mail.csv --label-columns topic --epsilon 4 --delta 1e-6 \\
                --iterations 8 --count 2000 --out checkpoints/mail-pe
            """
    )

    @OptionGroup(title: "Corpus") var data: DataOptions
    @OptionGroup(title: "Corpus") var columns: ColumnOptions
    @OptionGroup(title: "Privacy") var privacy: PrivacyOptions
    @OptionGroup(title: "Evolution") var evolution: EvolutionOptions
    @OptionGroup(title: "Proposals") var proposals: ProposalOptions

    @Option(help: ArgumentHelp("The run folder to make.", valueName: "dir"), completion: .directory)
    var out: String

    @Flag(help: "Continue the run in --out.")
    var resume = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        ProcessHardening.protectPrivateMemory()
        Interruption.listen()
        let budget = try privacy.budget()
        try columns.requireUsers(for: privacy.maxRecordsPerUser)
        try OutputFolder.requirePossible(out)
        try proposals.check()
        let start = ProcessInfo.processInfo.systemUptime
        let parallel = ParallelFor(threadCount: try global.threadCount())
        let corpus = try TextCorpus.read(data, columns, privacy, for: out, resumes: resume)
        let request = TextEvolutionRequest(
            try privacy.run(in: out, resumes: resume),
            budget: budget,
            settings: try evolution.settings(corpus.classes),
            datasetSize: privacy.datasetSize
        )
        let local = try localModel()
        let progress = EvolutionConsole(settings: request.settings, global.progress())
        let (generator, embedder) = (
            try proposals.generator(
                for: corpus.classes,
                local: local,
                maximumNewTokens: evolution.maxNewTokens,
                temperature: evolution.temperature,
                parallel,
                observe: progress.show
            ), try embedder(local, parallel)
        )
        let outcome = try interruptible(since: start) { [request, folder = out] in
            let run = try TextEvolution(
                request,
                corpus: corpus,
                generator: generator,
                embedder: embedder
            )
            run.notes.map(\.withOptions).forEach(progress.warn)
            try CorpusRunsText(run.corpusRuns, of: run.header, at: folder).warnings()
                .forEach(progress.warn)
            try? ResumableCommand.ofThisProcess()?.save(to: folder)
            return try await run.run(parallel: parallel, observe: progress.show)
        }
        progress.finish()
        try Provenance(of: out, checkedBy: .allRuns)?
            .write(besideTextsOf: out, iterations: request.settings.iterations)
        let seconds = ProcessInfo.processInfo.systemUptime - start
        let result = EvolveResult(outcome: outcome, out: out, seconds: seconds)
        try global.result.write(result.json, text: result.lines)
    }

    /// Says how far the run has come if it is interrupted.
    private func interruptible(
        since start: Double,
        _ work: @escaping @Sendable () async throws -> TextEvolutionOutcome
    ) throws -> TextEvolutionOutcome {
        do { return try InterruptibleTask.run(work) } catch is CancellationError {
            let seconds = ProcessInfo.processInfo.systemUptime - start
            if let state = try EvolveProgress(run: out, seconds: seconds) {
                try global.result.write(state.json, text: state.lines)
            }
            throw ToolError.interrupted(
                "stopped; continue with: " + ResumableCommand.line("evolve", run: out)
            )
        }
    }

    /// The model that proposes or embeds; nil if an endpoint and another embedding do.
    private func localModel() throws -> OpenedModel? {
        guard proposals.endpoint == nil || evolution.embedding == nil else { return nil }
        let folder = try ModelLocator.current().folder(named: proposals.model).path
        try PublicBase.require(folder, as: .model)
        return try OpenedModel(folder: folder)
    }

    private func embedder(
        _ local: OpenedModel?,
        _ parallel: ParallelFor
    ) throws -> any TextEmbedder {
        if let name = evolution.embedding {
            try PublicBase.require(name, as: .embedding)
            return try EmbeddingFolder.embedder(name, parallel)
        }
        guard let local else { throw ToolError.missingInput("there is no model to embed with") }
        return local.embedder(parallel)
    }
}
