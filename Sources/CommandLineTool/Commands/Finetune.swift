import ArgumentParser
import Corpus
import DifferentialPrivacy
import Foundation
import PrivateTraining
import Training

/// `dpscribe finetune`: DP-SGD on a private corpus to a target ε.
struct Finetune: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fine-tune a model on a private corpus with differential privacy.",
        discussion: """
            What is not said is taken from the recipe for the corpus' size and epsilon.

              dpscribe finetune --data mail.csv --label-columns topic --epsilon 8 --delta 1e-6 \\
                --out checkpoints/mail
            """
    )

    @OptionGroup(title: "Corpus") var data: DataOptions
    @OptionGroup(title: "Corpus") var columns: ColumnOptions
    @OptionGroup(title: "Privacy") var privacy: PrivacyOptions
    @OptionGroup(title: "Privacy") var mechanism: MechanismOptions
    @OptionGroup(title: "Training") var training: FinetuneTrainingOptions

    @Option(help: ArgumentHelp("The run folder to make.", valueName: "run"), completion: .directory)
    var out: String

    @Flag(help: "Continue the run in --out.")
    var resume = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        ProcessHardening.protectPrivateMemory()
        Interruption.listen()
        try OutputFolder.requirePossible(out)
        let run = try FineTuning(try request())
        let progress = global.progress()
        run.notes.map(\.withOptions).forEach(progress.warn)
        try CorpusRunsText(run.corpusRuns, of: run.header, at: out).warnings().forEach(
            progress.warn
        )
        let opening = FinetuneOpening(run, showsCounts: showsCounts)
        opening.lines.forEach(progress.note)
        if !global.quiet, !run.isFinished, let time = timeLeft(of: run) { progress.note(time) }
        try? ResumableCommand.ofThisProcess()?.save(to: out)
        let outcome = try run.run(shouldStop: { Interruption.isRequested }) { step in
            progress.show(
                ConsoleProgress.Report(
                    activity: step.activity == .training ? "fine-tuning" : "label probe",
                    done: step.step,
                    total: step.steps,
                    epsilon: step.epsilon.isFinite ? step.epsilon : nil,
                    epsilonStep: step.epsilonStep,
                    speed: step.activity == .training
                        ? "\(ConsoleText.rate(step.tokensPerSecond)) tokens/s" : nil,
                    secondsLeft: step.activity == .training ? step.secondsLeft : nil
                )
            )
        }
        progress.finish()
        let verdict = verdict(of: run, outcome, progress)
        let result = FinetuneResult(outcome: outcome, run: out, verdict: verdict)
        try global.result.write(result.json, text: result.lines)
        guard outcome.isFinished else {
            throw ToolError.interrupted(
                "stopped at step \(outcome.stepsDone) of \(outcome.plan.schedule.steps);"
                    + " continue with: \(ResumableCommand.line("finetune", run: out))"
            )
        }
        if outcome.isStoppedByTarget {
            throw ToolError.budgetExceeded(
                "\(out): stopped after \(outcome.stepsDone) of \(outcome.plan.schedule.steps) steps:"
                    + " steps that were computed again with other settings used up the target. The"
                    + " run is complete as it is; sample from it, release it, or begin a new one"
            )
        }
        if let probe = outcome.plan.labelProbe, let done = outcome.labelProbeSteps,
            done < probe.steps
        {
            throw ToolError.budgetExceeded(
                "\(out): the label probe was trained for \(done) of \(probe.steps) steps: steps that were"
                    + " computed again on another machine or build used up the target. The run is"
                    + " complete as it is"
            )
        }
    }

    /// Whether counts of private records may be shown: to the owner at a terminal, who could ask `lint`,
    /// and where private diagnostics are asked for; never in a log.
    private var showsCounts: Bool {
        mechanism.privateDiagnostics || isatty(FileHandle.standardError.fileDescriptor) == 1
    }

    /// How long the steps that are left take, by a few steps that are measured here; nil for models so large
    /// that those would take long and much memory: progress says it then after a step.
    private func timeLeft(of run: FineTuning) -> String? {
        guard run.parameterCount <= 20_000_000 else { return nil }
        let settings = run.settings
        guard
            let speed = try? TrainingSpeed(
                measuring: run.configuration,
                adapterRank: settings.loraRank,
                called: "this model",
                sequenceLength: settings.sequenceLength,
                isPrivate: run.plan.isPrivate,
                threads: try global.threadCount()
            )
        else { return nil }
        let schedule = run.plan.schedule
        let tokens =
            Double(schedule.steps - run.stepsDone) * Double(schedule.expectedBatchSize)
            * Double(settings.sequenceLength)
        return "if every record were as long as the sequence length (speed \(speed.source)):"
            + " \(ConsoleText.duration(tokens / speed.tokensPerSecond)) left"
    }

    /// What the finished run's texts are worth; nil if nothing can be said.
    ///
    /// The run is done and saved: whatever goes wrong here, or stops it, is no failure of the run.
    private func verdict(
        of run: FineTuning,
        _ outcome: FineTuningOutcome,
        _ progress: ConsoleProgress
    ) -> VerdictText? {
        guard outcome.isFinished, !run.description.labels.columns.isEmpty else { return nil }
        do {
            return VerdictText(try run.verdict { Interruption.isRequested }, run.description)
        } catch {
            progress.note("no verdict on the model's own texts: \(ErrorReport(error).message)")
            return VerdictText(nil, run.description)
        }
    }

    private func request() throws -> FineTuningRequest {
        try columns.requireUsers(for: privacy.maxRecordsPerUser)
        let selection = try columns.selection(textColumn: data.textColumn)
        var request = FineTuningRequest(
            dataPaths: try data.paths(),
            columns: selection,
            epsilon: try privacy.target(),
            modelFolder: try modelFolder(),
            run: try privacy.run(in: out, resumes: resume),
            threads: try global.threadCount()
        )
        request.labelValues = try columns.labelValues.map {
            try LabelSet(file: $0, columns: selection.labels)
        }
        try privacy.apply(to: &request)
        mechanism.apply(to: &request)
        training.apply(to: &request)
        request.modelName = ModelLocator.current().bundledName(of: training.model)
        return request
    }

    /// A run that goes on has its own model; another one that is named is compared with it.
    private func modelFolder() throws -> String {
        if resume, try RunFolder(path: out).isRun(), training.model == nil { return out }
        return try ModelLocator.current().folder(named: training.model).path
    }
}
