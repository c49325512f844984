import Corpus
import DifferentialPrivacy
import Foundation
import PrivateEvolution
import PrivatePrediction
import PrivateTraining
import Training

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
    /// What runs of every method keep beside their ledgers.
    static let allRuns = LedgerWitness.checkpoints.and(.iterations).and(.predictions)
}
