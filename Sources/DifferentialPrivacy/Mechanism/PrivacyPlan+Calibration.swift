extension PrivacyPlan {
    /// The plan with the least noise that stays within its budget; σ = 0 without one.
    ///
    /// - Parameters:
    ///   - unit: What is protected.
    ///   - schedule: N, B and T.
    ///   - maxGradNorm: C.
    ///   - budget: The target.
    ///   - releases: Other releases that the budget pays for.
    ///   - noiseKind: The distribution of the noise.
    /// - Returns: A plan whose ε, by the accountant that reports use, is at most the target.
    /// - Throws: `PrivacyError.unreachableTarget`, or `.parameter` for values out of range.
    public static func calibrated(
        unit: PrivacyUnit,
        schedule: SamplingSchedule,
        maxGradNorm: Double?,
        budget: PrivacyBudget,
        releases: [PlannedRelease] = [],
        noiseKind: NoiseKind = .gaussian
    ) throws(PrivacyError) -> PrivacyPlan {
        var noiseMultiplier = 0.0
        if case .limited(let epsilon, let delta) = budget {
            try budget.validate(unitCount: schedule.unitCount)
            noiseMultiplier = try NoiseCalibration(epsilon: epsilon, delta: delta).training(
                samplingProbability: schedule.samplingProbability,
                steps: schedule.steps,
                alongside: releases.map(\.event)
            ).noiseMultiplier
        }
        return try PrivacyPlan(
            unit: unit,
            schedule: schedule,
            noiseMultiplier: noiseMultiplier,
            maxGradNorm: maxGradNorm,
            budget: budget,
            releases: releases,
            noiseKind: noiseKind
        )
    }
}
