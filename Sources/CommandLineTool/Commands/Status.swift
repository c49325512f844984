import ArgumentParser
import Checkpoints
import DifferentialPrivacy
import Foundation
import PrivateEvolution
import PrivateTraining

/// `dpscribe status`.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How far a run is, and what it and its corpus have spent.",
        discussion: "Example: dpscribe status checkpoints/mail"
    )

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"), completion: .directory)
    var folder: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let runFolder = RunFolder(path: folder)
        guard let record = try runFolder.record(checkedBy: .allRuns) else {
            throw ToolError.missingInput("\(folder): no such run")
        }
        let directory = LedgerDirectory(path: runFolder.parent)
        let budget = record.header.budget
        let report = RunStatus(
            run: folder,
            record: record,
            progress: try progress(of: record),
            spent: try Self.epsilon(of: record.spending, under: budget),
            corpusRuns: try directory.records(on: record.header.corpus, checkedBy: .allRuns).count,
            corpusSpent: try Self.epsilon(
                of: try directory.spending(
                    on: record.header.corpus,
                    by: record.header.unit,
                    checkedBy: .allRuns
                ),
                under: budget
            )
        )
        try global.result.write(report.json, text: report.lines)
    }

    /// Steps of the newest checkpoint, or iterations that were voted on.
    private func progress(of record: LedgerRecord) throws -> RunStatus.Progress {
        switch record.header.method {
        case .evolve:
            let plan = try EvolutionPlan.read(from: folder, of: record.header)
            return RunStatus.Progress(
                done: try EvolutionFolder(path: folder).iterationsVoted(),
                total: plan.settings.iterations,
                isIterations: true
            )
        case .finetune:
            _ = try RunDescription.read(from: folder, of: record.header)
            return RunStatus.Progress(
                done: try CheckpointReader.checkpoints(in: folder).map(\.step).max() ?? 0,
                total: record.header.planned.map(\.count).max() ?? 0,
                isIterations: false
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
