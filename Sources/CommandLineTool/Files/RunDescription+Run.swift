import DifferentialPrivacy
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
