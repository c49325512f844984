import Corpus
import DifferentialPrivacy
import Messages
import Training

/// Compares what `--resume` is asked for with the run that is there.
struct ResumptionCheck {
    let path: String
    let description: RunDescription

    /// Refuses a request that contradicts the run's plan.
    ///
    /// What is trained stays as `run.json` states it. How steps are computed may change: a step
    /// computed otherwise is another release, which the ledger counts, and refuses once the target
    /// would be exceeded.
    func check(_ request: FineTuningRequest) throws {
        try checkBudget(request)
        try checkSchedule(request)
        try checkTraining(request)
        if let labels = request.labelValues, labels != description.labels {
            throw TrainingError.differsFromRun(path: path, what: Message(.labelValues))
        }
        guard request.columns.text == description.textColumn,
            request.columns.labels == description.labels.columns,
            request.columns.user == description.userColumn
        else { throw TrainingError.differsFromRun(path: path, what: "choice of columns") }
        if case .user(let maxRecords) = description.plan.unit {
            try same(.maxRecordsPerUser, request.maxRecordsPerUser, maxRecords)
        }
        // The secret is drawn when a run begins; a seed would change nothing any more.
        if request.insecureSeed != nil, !description.notPrivate {
            throw TrainingError.differsFromRun(path: path, what: Message(.insecureSeed))
        }
    }

    private func checkTraining(_ request: FineTuningRequest) throws {
        let settings = description.settings
        try same(.loraRank, request.loraRank, settings.loraRank)
        try same(.learningRate, request.learningRate, settings.learningRate)
        try same(.sequenceLength, request.sequenceLength, settings.sequenceLength)
        // The run's own folder stands for the model where none is named.
        guard RunFolder(path: request.modelFolder).path != path else { return }
        guard try FineTuningStart.baseModelDigest(request.modelFolder) == description.baseModel
        else { throw TrainingError.differsFromRun(path: path, what: Message(.model)) }
    }

    private func checkBudget(_ request: FineTuningRequest) throws {
        let plan = description.plan
        try same(.epsilon, request.epsilon, plan.budget.epsilon)
        if plan.isPrivate { try same(.delta, request.delta, plan.budget.delta) }
        try same(.noiseMultiplier, request.noiseMultiplier, plan.noiseMultiplier)
        try same(.maxGradNorm, request.maxGradNorm, plan.maxGradNorm)
        if request.usesExactNoise { try same(.exactNoise, .discreteGaussian, plan.noiseKind) }
        if let share = request.labelCountsEpsilon { try checkLabelCounts(share) }
        if let share = request.labelEpsilon { try checkLabelProbe(share) }
    }

    /// The run keeps the noise of its counts, not E1, which that noise follows from.
    private func checkLabelCounts(_ share: Double) throws {
        let plan = description.plan
        let planned = plan.releases.first { $0.name == FineTuningPlan.labelCountsName }
        guard case .gaussian(let noise)? = planned?.event, let delta = plan.budget.delta,
            let asked = try? FineTuningPlan.countsNoise(epsilon: share, delta: delta),
            // Another machine's logarithm may differ in the last bits.
            abs(asked - noise) <= 1e-9 * noise
        else {
            throw TrainingError.differsFromRun(path: path, what: Message(.labelCountsEpsilon))
        }
    }

    /// The run keeps the noise of its probe's steps, which follows from E1.
    private func checkLabelProbe(_ share: Double) throws {
        let plan = description.plan
        let differs = TrainingError.differsFromRun(path: path, what: Message(.labelEpsilon))
        guard let probe = plan.labelProbe else { throw differs }
        let asked = try? FullBatchPlan(
            unitCount: probe.unitCount,
            steps: probe.steps,
            epsilon: share,
            delta: plan.budget.delta
        )
        // Another machine's logarithm may differ in the last bits.
        guard let noise = asked?.noiseMultiplier,
            abs(noise - probe.noiseMultiplier) <= 1e-9 * probe.noiseMultiplier
        else { throw differs }
    }

    private func checkSchedule(_ request: FineTuningRequest) throws {
        let schedule = description.plan.schedule
        try same(.batchSize, request.batchSize, schedule.expectedBatchSize)
        try same(.datasetSize, request.datasetSize, schedule.unitCount)
        if let epochs = request.epochs {
            let asked = try SamplingSchedule(
                unitCount: schedule.unitCount,
                expectedBatchSize: schedule.expectedBatchSize,
                epochs: epochs
            )
            try same(.epochs, asked.steps, schedule.steps)
        }
    }

    /// The run's settings with the request's changes.
    static func settings(
        of description: RunDescription,
        changedBy request: FineTuningRequest
    ) -> TrainingSettings {
        var settings = description.settings
        if let size = request.microBatchSize { settings.microBatchSize = size }
        return settings
    }

    private func same<Value: Equatable>(_ setting: Setting, _ asked: Value?, _ is: Value?) throws {
        guard let asked else { return }
        guard asked == `is` else {
            let own = `is`.map { "\($0)" } ?? "none"
            throw TrainingError.differsFromRun(
                path: path,
                what: "\(setting) (\(own), not \("\(asked)"))"
            )
        }
    }
}
