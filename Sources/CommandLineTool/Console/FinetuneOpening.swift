import Corpus
import DifferentialPrivacy
import Foundation
import PrivateTraining

/// What `finetune` says before its first step: what is public of the run, what to expect of it, and for its
/// owner's eyes what was read.
struct FinetuneOpening {
    let lines: [String]

    /// - Parameters:
    ///   - run: The run that is about to go on.
    ///   - showsCounts: Whether counts of private records may be shown; never in a log, where a record
    ///     more or less would show.
    init(_ run: FineTuning, showsCounts: Bool) {
        let (schedule, settings) = (run.plan.schedule, run.settings)
        let unit = run.plan.unit == .record ? "records" : "users"
        let counts = showsCounts ? run.reading : nil
        let expectations = ExpectationText(run.description, meanTokens: counts?.meanTokens)
        lines =
            [
                "\(schedule.unitCount) \(unit), \(schedule.steps) steps of about"
                    + " \(schedule.expectedBatchSize), learning rate \(settings.learningRate),"
                    + " at most \(settings.sequenceLength) tokens a record"
            ] + Self.lines(counts, sequenceLength: settings.sequenceLength)
            + (expectations.isWarning ? ["WARNING: the labels may not be learned:"] : [])
            + expectations.lines
    }

    /// What was read, dropped and cut.
    static func lines(_ counts: CorpusCounts?, sequenceLength: Int) -> [String] {
        guard let counts else {
            return [
                "How many records cannot be used or are cut is private: dpscribe lint counts them."
            ]
        }
        let reasons = counts.dropped.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\($0.value) \($0.key.rawValue)" }.joined(separator: ", ")
        let share = 100 * Double(counts.cut) / Double(max(counts.usable, 1))
        return [
            "\(counts.read) records read, \(counts.droppedCount) dropped"
                + (reasons.isEmpty ? "" : " (\(reasons))"),
            "\(counts.cut) of \(counts.usable) (\(String(format: "%.0f", share)) %) are cut at"
                + " \(sequenceLength) tokens; the mean is"
                + " \(String(format: "%.1f", counts.meanTokens ?? 0))",
        ]
    }
}
