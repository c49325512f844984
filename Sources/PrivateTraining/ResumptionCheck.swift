import Corpus
import DifferentialPrivacy

/// Compares what `--resume` is asked for with the run that is there.
struct ResumptionCheck {
    let path: String
    let description: RunDescription

    /// Refuses a request that contradicts the run's plan.
    ///
    /// Settings outside the plan may change: a step computed otherwise is another release, which
    /// the ledger counts, and refuses once the target would be exceeded.
    func check(_ request: FineTuningRequest) throws {
        let plan = description.plan
        try same("--epsilon", request.epsilon, plan.budget.epsilon)
        try same("--delta", request.delta, plan.budget.delta)
        try same("--batch-size", request.batchSize, plan.schedule.expectedBatchSize)
        try same("--dataset-size", request.datasetSize, plan.schedule.unitCount)
        try same("--noise-multiplier", request.noiseMultiplier, plan.noiseMultiplier)
        try same("--max-grad-norm", request.maxGradNorm, plan.maxGradNorm)
        try same("--lora-rank", request.loraRank, description.settings.loraRank)
        if let epochs = request.epochs {
            let schedule = try SamplingSchedule(
                unitCount: plan.schedule.unitCount,
                expectedBatchSize: plan.schedule.expectedBatchSize,
                epochs: epochs
            )
            try same("--epochs", schedule.steps, plan.schedule.steps)
        }
        if let labels = request.labelValues, labels != description.labels {
            throw TrainingError.differsFromRun(path: path, what: "--label-values")
        }
        guard request.columns.text == description.textColumn,
            request.columns.labels == description.labels.columns,
            request.columns.user == description.userColumn
        else { throw TrainingError.differsFromRun(path: path, what: "choice of columns") }
    }

    /// The run's settings with the request's changes.
    static func settings(
        of description: RunDescription,
        changedBy request: FineTuningRequest
    ) -> TrainingSettings {
        var settings = description.settings
        settings.sequenceLength = request.sequenceLength
        settings.microBatchSize = request.microBatchSize
        if let rate = request.learningRate { settings.learningRate = rate }
        return settings
    }

    private func same<Value: Equatable>(_ flag: String, _ asked: Value?, _ is: Value?) throws {
        guard let asked else { return }
        guard asked == `is` else {
            throw TrainingError.differsFromRun(path: path, what: flag)
        }
    }
}
