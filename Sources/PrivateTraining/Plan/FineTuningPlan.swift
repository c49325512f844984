import Corpus
import DifferentialPrivacy
import Messages
import Training

/// Turns a request and the public size of the corpus into a privacy plan and settings.
struct FineTuningPlan {
    let plan: PrivacyPlan
    let settings: TrainingSettings
    /// The name of that release in ledger and plan.
    static let labelCountsName = "label-counts"

    /// Solves σ for the target, or checks the given one.
    ///
    /// - Parameters:
    ///   - request: What is asked for; its corpus is not looked at.
    ///   - unitCount: N, a public constant.
    /// - Throws: `TrainingError`, `PrivacyError`.
    init(_ request: FineTuningRequest, unitCount: Int) throws {
        guard unitCount >= 1 else {
            throw Self.refused("\(.datasetSize) is \(unitCount); it must be at least 1.")
        }
        let recipe = Recipe(
            unitCount: unitCount,
            epsilon: request.epsilon,
            hasAdapters: request.loraRank != nil
        )
        let budget = try PrivacyBudget(epsilon: request.epsilon, delta: request.delta)
        try budget.validate(unitCount: unitCount)
        try Self.check(request)
        let schedule = try SamplingSchedule(
            unitCount: unitCount,
            expectedBatchSize: request.batchSize ?? recipe.batchSize,
            epochs: request.epochs ?? recipe.epochs
        )
        settings = TrainingSettings(
            learningRate: request.learningRate ?? recipe.learningRate,
            schedule: .linear,
            warmup: 0.05,
            optimizer: AdamWSettings(),
            sequenceLength: CorpusReading.sequenceLength(of: request),
            microBatchSize: request.microBatchSize,
            loraRank: request.loraRank
        )
        guard let delta = budget.delta else {
            plan = try PrivacyPlan(
                unit: CorpusReading.unit(of: request),
                schedule: schedule,
                noiseMultiplier: 0,
                maxGradNorm: request.maxGradNorm,
                budget: budget,
                labelProbe: Self.labelProbe(request, schedule)
            )
            return
        }
        plan = try Self.privatePlan(request, schedule, recipe, delta: delta)
    }

    private static func privatePlan(
        _ request: FineTuningRequest,
        _ schedule: SamplingSchedule,
        _ recipe: Recipe,
        delta: Double
    ) throws -> PrivacyPlan {
        let releases = try labelCounts(request, delta: delta).map { [$0] } ?? []
        let probe = try labelProbe(request, schedule)
        let plan = try PrivacyPlan(
            unit: CorpusReading.unit(of: request),
            schedule: schedule,
            noiseMultiplier: noiseMultiplier(
                request,
                schedule,
                delta: delta,
                alongside: releases.map(\.event) + (probe.map { [$0.event] } ?? [])
            ),
            maxGradNorm: request.maxGradNorm ?? recipe.maxGradNorm,
            budget: .limited(epsilon: request.epsilon, delta: delta),
            releases: releases,
            labelProbe: probe,
            noiseKind: request.usesExactNoise ? .discreteGaussian : .gaussian
        )
        try requireWithinTarget(plan, epsilon: request.epsilon, delta: delta)
        return plan
    }

    private static func check(_ request: FineTuningRequest) throws {
        if let rate = request.learningRate, !(rate > 0 && rate.isFinite) {
            throw refused("\(.learningRate) is \(rate); it must be positive.")
        }
        if let rank = request.loraRank, rank < 1 {
            throw refused("\(.loraRank) is \(rank); it must be at least 1.")
        }
        if request.epsilon == .infinity { try checkWithoutBudget(request) }
    }

    /// With ε = ∞ there is no noise, and no budget that a release could be part of.
    private static func checkWithoutBudget(_ request: FineTuningRequest) throws {
        if let noise = request.noiseMultiplier, noise != 0 {
            throw refused(
                "\(.noiseMultiplier) is \(noise); with \(.epsilon) inf there is no noise."
            )
        }
        if request.usesExactNoise {
            throw refused("\(.exactNoise) needs a finite \(.epsilon); with inf there is no noise.")
        }
        if request.labelCountsEpsilon != nil {
            throw refused("\(.labelCountsEpsilon) is part of \(.epsilon); it needs a finite one.")
        }
        if let share = request.labelEpsilon, share != .infinity {
            throw refused("\(.labelEpsilon) is \(share); with \(.epsilon) inf it can only be inf.")
        }
    }

    private static func refused(_ problem: Message) -> TrainingError {
        .badConfiguration(problem: problem)
    }

    private static func labelCounts(
        _ request: FineTuningRequest,
        delta: Double
    ) throws -> PlannedRelease? {
        guard let share = request.labelCountsEpsilon else { return nil }
        guard share > 0, share < request.epsilon else {
            throw refused(
                "\(.labelCountsEpsilon) is \(share); it is part of \(.epsilon), so it must"
                    + " be between 0 and \(request.epsilon)."
            )
        }
        guard !request.columns.labels.isEmpty else {
            throw refused("\(.labelCountsEpsilon) needs \(.labelColumns).")
        }
        return PlannedRelease(
            name: labelCountsName,
            event: .gaussian(noiseMultiplier: try countsNoise(epsilon: share, delta: delta))
        )
    }

    /// The steps of a label probe that cost E1 of the budget; nil without one.
    private static func labelProbe(
        _ request: FineTuningRequest,
        _ schedule: SamplingSchedule
    ) throws -> FullBatchPlan? {
        guard let share = request.labelEpsilon else { return nil }
        guard !request.columns.labels.isEmpty else {
            throw refused("\(.labelEpsilon) needs \(.labelColumns).")
        }
        guard share > 0, share < request.epsilon || request.epsilon == .infinity else {
            throw refused(
                "\(.labelEpsilon) is \(share); it is part of \(.epsilon), so it must be between 0 and"
                    + " \(request.epsilon)."
            )
        }
        return try FullBatchPlan(
            unitCount: schedule.unitCount,
            steps: request.labelSteps,
            epsilon: share,
            delta: request.delta
        )
    }

    /// σ of label counts that cost E1 of the budget.
    static func countsNoise(epsilon: Double, delta: Double) throws -> Double {
        try NoiseCalibration(epsilon: epsilon, delta: delta, accountant: .gaussian)
            .gaussians(count: 1).noiseMultiplier
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
