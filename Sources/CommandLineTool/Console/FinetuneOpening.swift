import DifferentialPrivacy
import PrivateTraining

/// What `finetune` says before its first step: what is public of the run.
struct FinetuneOpening {
    let lines: [String]

    /// - Parameter run: The run that is about to go on.
    init(_ run: FineTuning) {
        let (schedule, settings) = (run.plan.schedule, run.settings)
        let unit = run.plan.unit == .record ? "records" : "users"
        lines = [
            "\(schedule.unitCount) \(unit), \(schedule.steps) steps of about"
                + " \(schedule.expectedBatchSize), learning rate \(settings.learningRate),"
                + " at most \(settings.sequenceLength) tokens a record",
            "How many records cannot be used or are cut is private: dpscribe lint counts them.",
        ]
    }
}
