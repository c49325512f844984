import ArgumentParser
import Checkpoints
import DifferentialPrivacy
import Foundation
import PrivateEvolution
import PrivatePrediction
import PrivateTraining

/// `dpscribe status`.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How far a run is, and what it and its corpus have spent.",
        discussion: "Example: dpscribe status checkpoints/mail"
    )

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"), completion: .directory)
    var folder: String

    @Option(
        help: ArgumentHelp(
            "The file elsewhere that remembers how far ledgers had come.",
            valueName: "file"
        ),
        completion: .file()
    )
    var ledgerWitness: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let runFolder = RunFolder(path: folder)
        let directory = LedgerDirectory(path: runFolder.parent)
        let witness = try witness(of: directory)
        guard let record = try runFolder.record(checkedBy: witness) else {
            throw ToolError.missingInput("\(folder): no such run")
        }
        let budget = record.header.budget
        let runs = try directory.runs(like: record.header, checkedBy: witness)
        let report = RunStatus(
            run: folder,
            record: record,
            progress: try progress(of: record),
            spent: try Self.epsilon(of: record.spending, under: budget),
            corpusRuns: runs.members.count,
            corpusSpent: try Self.epsilon(
                of: runs.spending(by: record.header.unit),
                under: budget
            ),
            overlaps: CorpusRunsText(runs, of: record.header, at: folder),
            verdict: try verdict(on: record)
        )
        try global.result.write(report.json, text: report.lines)
    }

    /// What a finished training is worth; nil for any other run.
    private func verdict(on record: LedgerRecord) throws -> VerdictText? {
        guard record.header.method == .finetune, record.isFinished else { return nil }
        return VerdictText(
            of: try RunDescription.read(from: folder, of: record.header),
            in: folder,
            step: try CheckpointReader.checkpoints(in: folder).map(\.step).max() ?? 0
        )
    }

    /// What tells how far ledgers had come, the file elsewhere included.
    private func witness(of directory: LedgerDirectory) throws -> LedgerWitness {
        guard let ledgerWitness else { return .allRuns }
        let file = LedgerWitnessFile(path: ledgerWitness)
        guard FileManager.default.fileExists(atPath: ledgerWitness) else {
            throw ToolError.missingInput("--ledger-witness \(ledgerWitness): no such file")
        }
        try file.requireRuns(of: directory)
        return .allRuns.and(try file.witness())
    }

    /// Steps of the newest checkpoint, iterations that were voted on, or texts that were written.
    private func progress(of record: LedgerRecord) throws -> RunStatus.Progress {
        switch record.header.method {
        case .evolve:
            let plan = try EvolutionPlan.read(from: folder, of: record.header)
            return RunStatus.Progress(
                done: try EvolutionFolder(path: folder).iterationsVoted(),
                total: plan.settings.iterations,
                kind: .iterations
            )
        case .fewshot:
            let plan = try PredictionPlan.read(from: folder, of: record.header)
            return RunStatus.Progress(
                done: try PredictionFolder(path: folder).textsDone(),
                total: plan.settings.count,
                kind: .texts
            )
        case .finetune:
            let run = try RunDescription.read(from: folder, of: record.header)
            return RunStatus.Progress(
                done: try CheckpointReader.checkpoints(in: folder).map(\.step).max() ?? 0,
                // The ledger's plan also counts the label probe's steps.
                total: run.plan.schedule.steps,
                kind: .steps
            )
        }
    }

    /// ε of all that was reserved, at the run's δ; infinite where no δ was promised.
    private static func epsilon(
        of spending: PrivacySpending,
        under budget: PrivacyBudget
    ) throws -> Double {
        guard spending.count > 0 else { return 0 }
        return try spending.guarantee(under: budget)?.epsilon ?? .infinity
    }
}
