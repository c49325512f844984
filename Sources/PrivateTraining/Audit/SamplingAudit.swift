package import DifferentialPrivacy

/// Measures how often the sampler takes a unit, and compares it with q.
///
/// More often than q gives away more than is accounted for; less often does not.
package struct SamplingAudit: Sendable, Equatable {
    /// q of the audited plan.
    package static let claimedProbability = 0.25
    /// Steps sampled.
    package let draws: Int
    /// The share of them that the unit joined.
    package let estimate: Double
    /// What the true probability exceeds, but for the failure probability.
    package let lowerBound: Double
    /// Whether the measurement is compatible with the claim.
    package var isWithinClaim: Bool { lowerBound <= Self.claimedProbability }

    /// Samples `draws` steps of eight units and looks at the last one.
    package init(secret: RunSecret, failure: Double, draws: Int) throws {
        let plan = try PrivacyPlan(
            unit: .record,
            schedule: SamplingSchedule(unitCount: 8, expectedBatchSize: 2, steps: 1),
            noiseMultiplier: 1,
            maxGradNorm: 1,
            budget: .limited(epsilon: 100, delta: 1e-5)
        )
        var joined = 0
        for draw in 0..<draws {
            let inputs = StepInputs(
                runIdentifier: "audit",
                label: "step \(draw)",
                domain: "audit"
            )
            let reservation = Reservation.unrecorded(StepKey(secret: secret, inputs: inputs))
            joined += plan.sampler.sample(unitCount: 8, for: reservation).contains(7) ? 1 : 0
        }
        self.draws = draws
        estimate = Double(joined) / Double(draws)
        lowerBound = BinomialBound.lower(successes: joined, trials: draws, failure: failure)
    }
}
