import Corpus
import DifferentialPrivacy
import Messages
import Training

/// Compares what a run is to be continued with, with the run that is there.
///
/// What is trained stays as `run.json` states it. How steps are computed may change: a step computed
/// otherwise is another release, which the ledger counts, and refuses once the target would be exceeded.
struct ResumptionCheck {
    private let path: String
    private let description: RunDescription

    init(_ path: String, _ description: RunDescription) {
        self.path = path
        self.description = description
    }

    /// Everything that the request asks for otherwise than the run has it.
    func differences(from request: FineTuningRequest) throws -> RunDifferences {
        var differences = RunDifferences()
        compareBudget(request, &differences)
        try compareSchedule(request, &differences)
        try compareTraining(request, &differences)
        compareCorpus(request, &differences)
        // The secret is drawn when a run begins; a seed would change nothing any more.
        if request.run.insecureSeed != nil, !description.notPrivate {
            differences.add(Message(.insecureSeed))
        }
        return differences
    }

    private func compareCorpus(_ request: FineTuningRequest, _ found: inout RunDifferences) {
        if let labels = request.labelValues {
            found.add(.labelValues, unless: labels == description.labels)
        }
        let columns = request.columns
        if columns.text != description.textColumn || columns.labels != description.labels.columns
            || columns.user != description.userColumn
        {
            found.add("the choice of columns")
        }
        if case .user(let maxRecords) = description.plan.unit {
            found.compare(.maxRecordsPerUser, asked: request.maxRecordsPerUser, stored: maxRecords)
        }
    }

    private func compareTraining(
        _ request: FineTuningRequest,
        _ found: inout RunDifferences
    ) throws {
        let settings = description.settings
        found.compare(.loraRank, asked: request.loraRank, stored: settings.loraRank)
        found.compare(.learningRate, asked: request.learningRate, stored: settings.learningRate)
        found.compare(
            .sequenceLength,
            asked: request.sequenceLength,
            stored: settings.sequenceLength
        )
        // The run's own folder stands for the model where none is named.
        guard RunFolder(path: request.modelFolder).path != RunFolder(path: path).path else {
            return
        }
        let asked = try FineTuningStart.baseModelDigest(request.modelFolder)
        found.add(.model, unless: asked == description.baseModel)
    }

    private func compareBudget(_ request: FineTuningRequest, _ found: inout RunDifferences) {
        let plan = description.plan
        found.compare(.epsilon, asked: request.epsilon, stored: plan.budget.epsilon)
        if plan.isPrivate {
            found.compare(.delta, asked: request.delta, stored: plan.budget.delta)
        }
        found.compare(
            .noiseMultiplier,
            asked: request.noiseMultiplier,
            stored: plan.noiseMultiplier
        )
        found.compare(.maxGradNorm, asked: request.maxGradNorm, stored: plan.maxGradNorm)
        if request.usesExactNoise {
            found.compare(.exactNoise, asked: .discreteGaussian, stored: plan.noiseKind)
        }
        if let share = request.labelCountsEpsilon {
            found.add(.labelCountsEpsilon, unless: isOfLabelCounts(share))
        }
        if let share = request.labelEpsilon {
            found.add(.labelEpsilon, unless: isOfLabelProbe(share))
        }
    }

    /// Whether the run's counts have the noise of E1 = `share`; it keeps that noise, not E1.
    private func isOfLabelCounts(_ share: Double) -> Bool {
        let plan = description.plan
        let planned = plan.releases.first { $0.name == FineTuningPlan.labelCountsName }
        guard case .gaussian(let noise)? = planned?.event, let delta = plan.budget.delta,
            let asked = try? FineTuningPlan.countsNoise(epsilon: share, delta: delta)
        else { return false }
        return Self.isSame(asked, noise)
    }

    /// Whether the steps of the run's probe have the noise of E1 = `share`.
    private func isOfLabelProbe(_ share: Double) -> Bool {
        let plan = description.plan
        guard let probe = plan.labelProbe else { return false }
        let asked = try? FullBatchPlan(
            unitCount: probe.unitCount,
            steps: probe.steps,
            epsilon: share,
            delta: plan.budget.delta
        )
        return asked.map { Self.isSame($0.noiseMultiplier, probe.noiseMultiplier) } ?? false
    }

    /// Another machine's logarithm may differ in the last bits.
    private static func isSame(_ asked: Double, _ noise: Double) -> Bool {
        abs(asked - noise) <= 1e-9 * noise
    }

    private func compareSchedule(
        _ request: FineTuningRequest,
        _ found: inout RunDifferences
    ) throws {
        let schedule = description.plan.schedule
        found.compare(.batchSize, asked: request.batchSize, stored: schedule.expectedBatchSize)
        found.compare(.datasetSize, asked: request.datasetSize, stored: schedule.unitCount)
        guard let epochs = request.epochs else { return }
        let asked = try SamplingSchedule(
            unitCount: schedule.unitCount,
            expectedBatchSize: schedule.expectedBatchSize,
            epochs: epochs
        )
        if asked.steps != schedule.steps {
            // In steps, which a run keeps instead of epochs.
            found.compare(.epochs, asked: asked.steps, stored: schedule.steps)
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
}
