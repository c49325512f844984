import Corpus
import DifferentialPrivacy

/// Turns a request and the public size of the corpus into a privacy plan and settings.
struct FineTuningPlan {
    let plan: PrivacyPlan
    let settings: TrainingSettings
    /// σ of the noisy label counts, if they are released.
    let labelCountsNoise: Double?
    /// The name of that release in ledger and plan.
    static let labelCountsName = "label-counts"

    /// Solves σ for the target, or checks the given one.
    ///
    /// - Parameters:
    ///   - request: What is asked for; its corpus is not looked at.
    ///   - unitCount: N, a public constant.
    /// - Throws: `TrainingError`, `PrivacyError`.
    init(_ request: FineTuningRequest, unitCount: Int) throws {
        let recipe = Recipe(unitCount: unitCount, epsilon: request.epsilon)
        let batch = request.batchSize ?? recipe.batchSize
        try Self.check(request, batch: batch, unitCount: unitCount)
        let schedule = try SamplingSchedule(
            unitCount: unitCount,
            expectedBatchSize: batch,
            epochs: request.epochs ?? recipe.epochs
        )
        let unit: PrivacyUnit =
            request.columns.user == nil
            ? .record : .user(maxRecords: request.maxRecordsPerUser)
        settings = TrainingSettings(
            learningRate: request.learningRate ?? recipe.learningRate,
            schedule: .linear,
            warmup: 0.05,
            optimizer: AdamWSettings(),
            sequenceLength: request.sequenceLength,
            microBatchSize: request.microBatchSize,
            loraRank: request.loraRank
        )
        guard request.epsilon.isFinite, let delta = request.delta else {
            labelCountsNoise = request.labelCountsEpsilon == nil ? nil : 0
            plan = try PrivacyPlan(
                unit: unit,
                schedule: schedule,
                noiseMultiplier: 0,
                maxGradNorm: request.maxGradNorm,
                budget: .unlimited
            )
            return
        }
        let counts = try Self.labelCounts(request, delta: delta)
        labelCountsNoise = counts?.noise
        let releases = counts.map { [$0.release] } ?? []
        plan = try PrivacyPlan(
            unit: unit,
            schedule: schedule,
            noiseMultiplier: Self.noiseMultiplier(
                request,
                schedule,
                delta: delta,
                alongside: releases.map(\.event)
            ),
            maxGradNorm: request.maxGradNorm ?? recipe.maxGradNorm,
            budget: .limited(epsilon: request.epsilon, delta: delta),
            releases: releases,
            noiseKind: request.usesExactNoise ? .discreteGaussian : .gaussian
        )
        try Self.requireWithinTarget(plan, epsilon: request.epsilon, delta: delta)
    }

    private static func check(
        _ request: FineTuningRequest,
        batch: Int,
        unitCount: Int
    ) throws {
        func refuse(_ problem: String) -> TrainingError { .badConfiguration(problem: problem) }
        guard batch >= 1, batch <= unitCount else {
            throw refuse(
                "--batch-size is \(batch); it must be between 1 and N = \(unitCount)."
            )
        }
        if let epochs = request.epochs, !(epochs > 0 && epochs.isFinite) {
            throw refuse("--epochs is \(epochs); it must be positive.")
        }
        if let rate = request.learningRate, !(rate > 0 && rate.isFinite) {
            throw refuse("--learning-rate is \(rate); it must be positive.")
        }
        if let rank = request.loraRank, rank < 1 {
            throw refuse("--lora-rank is \(rank); it must be at least 1.")
        }
        guard request.epsilon.isFinite else { return }
        guard request.epsilon > 0 else {
            throw refuse("--epsilon is \(request.epsilon); it must be positive, or inf.")
        }
        guard let delta = request.delta else {
            throw refuse("--delta is missing; it is needed unless --epsilon is inf.")
        }
        guard delta > 0, delta < 1 / Double(unitCount) else {
            throw refuse(
                "--delta is \(delta); it must be above 0 and below 1/N = 1/\(unitCount)."
            )
        }
    }

    private static func labelCounts(
        _ request: FineTuningRequest,
        delta: Double
    ) throws -> (noise: Double, release: PlannedRelease)? {
        guard let share = request.labelCountsEpsilon else { return nil }
        guard share > 0, share < request.epsilon else {
            throw TrainingError.badConfiguration(
                problem: "--release-label-counts is \(share); it is part of --epsilon, so it must"
                    + " be between 0 and \(request.epsilon)."
            )
        }
        guard !request.columns.labels.isEmpty else {
            throw TrainingError.badConfiguration(
                problem: "--release-label-counts needs --label-columns."
            )
        }
        let noise = try NoiseCalibration(epsilon: share, delta: delta, accountant: .gaussian)
            .gaussians(count: 1).noiseMultiplier
        return (
            noise,
            PlannedRelease(name: labelCountsName, event: .gaussian(noiseMultiplier: noise))
        )
    }

    private static func noiseMultiplier(
        _ request: FineTuningRequest,
        _ schedule: SamplingSchedule,
        delta: Double,
        alongside: [PrivacyEvent]
    ) throws -> Double {
        if let given = request.noiseMultiplier { return given }
        return try NoiseCalibration(epsilon: request.epsilon, delta: delta).training(
            samplingProbability: schedule.samplingProbability,
            steps: schedule.steps,
            alongside: alongside
        ).noiseMultiplier
    }

    private static func requireWithinTarget(
        _ plan: PrivacyPlan,
        epsilon: Double,
        delta: Double
    ) throws {
        let spent = try PrivacyAccounting.guarantee(of: plan.event, delta: delta).epsilon
        guard spent <= epsilon else {
            throw TrainingError.epsilonExceeded(epsilon: spent, target: epsilon)
        }
    }
}
