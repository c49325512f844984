import ArgumentParser
import Corpus
import DifferentialPrivacy
import Foundation
import Kernels
import Messages
import PrivateEvolution
import PrivatePrediction
import PrivateTraining
import Training

/// `dpscribe fewshot`: private prediction from a private corpus to a target ε.
struct Fewshot: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fewshot",
        abstract: "Write text token by token from private prompts, without training.",
        discussion: """
            A public model reads private records as examples; each token that it writes is chosen \
            under noise, and paid for. The default rule, clipped-difference, writes many texts: every \
            record serves one of them. gaussian and noisy-max write a few texts a label.

              dpscribe fewshot --data mail.csv --label-columns topic --epsilon 4 --delta 1e-6 \\
                --count 500 --out checkpoints/mail-few
            """
    )

    @OptionGroup(title: "Corpus") var data: DataOptions
    @OptionGroup(title: "Corpus") var columns: ColumnOptions
    @OptionGroup(title: "Privacy") var privacy: PrivacyOptions
    @OptionGroup(title: "Prediction") var prediction: PredictionOptions

    @Option(help: ArgumentHelp("The run folder to make.", valueName: "dir"), completion: .directory)
    var out: String

    @Flag(help: "Continue the run in --out.")
    var resume = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        ProcessHardening.protectPrivateMemory()
        Interruption.listen()
        let budget = try privacy.budget()
        guard columns.userColumn == nil, privacy.maxRecordsPerUser == nil else {
            throw ToolError.badConfiguration(
                "fewshot protects records, not users: leave out --user-column and"
                    + " --max-records-per-user, or use finetune or evolve"
            )
        }
        try OutputFolder.requirePossible(out)
        let start = ProcessInfo.processInfo.systemUptime
        let parallel = ParallelFor(threadCount: try global.threadCount())
        let corpus = try TextCorpus.read(data, columns, privacy, for: out, resumes: resume)
        let request = TextPredictionRequest(
            try privacy.run(in: out, resumes: resume),
            budget: budget,
            settings: try prediction.settings(corpus.classes),
            instruction: try prediction.instructionText(),
            datasetSize: privacy.datasetSize
        )
        let model = try prediction.openedModel(parallel)
        let console = global.progress()
        let outcome = try interruptible(since: start) { [folder = out] in
            let run = try TextPrediction(request, corpus: corpus, model: model)
            run.notes.map(\.withOptions).forEach(console.warn)
            try CorpusRunsText(run.corpusRuns, of: run.header, at: folder).warnings()
                .forEach(console.warn)
            try? ResumableCommand.ofThisProcess()?.save(to: folder)
            return try run.run(parallel: parallel) { done in
                console.show(
                    .init(activity: "writing texts", done: done, total: request.settings.count)
                )
            }
        }
        console.finish()
        try Provenance(of: out, checkedBy: .allRuns)?.write(besideTextOf: out)
        let seconds = ProcessInfo.processInfo.systemUptime - start
        let result = FewshotResult(outcome: outcome, out: out, seconds: seconds)
        try global.result.write(result.json, text: result.lines)
    }

    /// Says how far the run has come if it is interrupted.
    private func interruptible(
        since start: Double,
        _ work: @escaping @Sendable () async throws -> TextPredictionOutcome
    ) throws -> TextPredictionOutcome {
        do { return try InterruptibleTask.run(work) } catch is CancellationError {
            let seconds = ProcessInfo.processInfo.systemUptime - start
            let done = (try? PredictionFolder(path: out).textsDone()) ?? 0
            try global.result.write(
                [
                    "rule": .string(prediction.rule.rawValue),
                    "count": .integer(prediction.count),
                    "texts_done": .integer(done),
                    "out": .string(out),
                    "seconds": .number(seconds),
                ],
                text: [
                    "\(done) of \(prediction.count) texts written, "
                        + ConsoleText.duration(seconds)
                ]
            )
            throw ToolError.interrupted(
                "stopped; continue with: " + ResumableCommand.line("fewshot", run: out)
            )
        }
    }
}

/// What `fewshot` prints.
struct FewshotResult {
    let outcome: TextPredictionOutcome
    let out: String
    let seconds: Double

    private var settings: PredictionSettings { outcome.plan.settings }

    var json: JSONValue {
        [
            "epsilon": .number(outcome.guarantee.epsilon),
            "delta": outcome.plan.budget.delta.map { .number($0) } ?? .null,
            "rule": .string(settings.rule.rawValue),
            "count": .integer(settings.count),
            "tokens": .integer(outcome.tokenCount),
            "out": .string(out),
            "seconds": .number(seconds),
            "max_new_tokens": .integer(settings.maximumNewTokens),
            "accountant": .string(outcome.guarantee.accountant.rawValue),
            "clipping": outcome.plan.exponentialMechanism.map { .number($0.clipping) } ?? .null,
            "noise_multiplier": outcome.plan.noiseMultiplier.map { .number($0) } ?? .null,
            "corpus_epsilon": .number(outcome.corpusEpsilon),
            "not_private": .bool(outcome.notPrivate),
        ]
    }

    var lines: [String] {
        var lines = [
            "\(settings.count) texts of at most \(settings.maximumNewTokens) tokens by"
                + " \(settings.rule.rawValue), " + ConsoleText.duration(seconds)
        ]
        if let delta = outcome.plan.budget.delta {
            lines.append(
                "epsilon \(ConsoleText.roundedUp(outcome.guarantee.epsilon)) at delta \(delta), add or"
                    + " remove one, by the \(outcome.guarantee.accountant.rawValue) accountant"
            )
            lines.append(
                "all runs here on these records together: epsilon "
                    + ConsoleText.roundedUp(outcome.corpusEpsilon)
            )
        }
        if outcome.notPrivate { lines.append("NOT PRIVATE") }
        return lines + ["wrote \(outcome.output)"]
    }
}
