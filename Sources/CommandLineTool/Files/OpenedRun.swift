import Corpus
import DifferentialPrivacy
import Foundation
import PrivateEvolution
import PrivateTraining
import Training

extension RunDescription {
    /// What the run of `finetune` in a folder was begun with; nil if there is none.
    ///
    /// - Throws: `LedgerError`, `TrainingError.damagedRun`.
    static func read(inRun folder: String) throws -> RunDescription? {
        let run = RunFolder(path: folder)
        // Asked before, as a folder without a ledger may be a plain model.
        guard try run.isRun(), let record = try run.record(checkedBy: .allRuns),
            record.header.method == .finetune
        else { return nil }
        return try read(from: folder, of: record.header)
    }
}

/// The label columns of a run, as its `run.json` states them, or of a release.
enum RunLabels {
    private struct RunFile: Decodable {
        let labels: LabelSet
    }

    /// The label set of the run or release in that folder; nil for a plain model, or without labels.
    ///
    /// - Throws: `ToolError.integrityViolated` if the file that states it cannot be read.
    static func labelSet(in folder: String) throws -> LabelSet? {
        let run = folder + "/" + RunDescription.fileName
        let release = folder + "/" + RunRelease.labelsName
        let set: LabelSet
        do {
            if let data = FileManager.default.contents(atPath: run) {
                set = try JSONDecoder().decode(RunFile.self, from: data).labels
            } else if let data = FileManager.default.contents(atPath: release) {
                set = try JSONDecoder().decode(LabelSet.self, from: data)
            } else {
                return nil
            }
        } catch {
            throw ToolError.integrityViolated(
                "\(folder): the file that states the labels is damaged; restore it"
            )
        }
        return set.columns.isEmpty ? nil : set
    }
}

extension LedgerWitness {
    /// What runs of either method keep beside their ledgers.
    static let allRuns = LedgerWitness.checkpoints.and(.iterations)
}
