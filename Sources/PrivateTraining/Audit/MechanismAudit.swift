package import DifferentialPrivacy
package import Kernels
import LabelProbe

/// Measures what one step of the trainer gives away, and compares it with what is claimed.
///
/// The real step runs on two neighbouring corpora, many times each with fresh noise. Whoever knows
/// both corpora and the model scores each release along the difference that the noise hides. If
/// the scores can be told apart better than N(0, 1) from N(μ, 1), μ = 1/σ, the claim is false.
/// Besides, two releases that differ in their noise alone tell how large it is, and two with the
/// same noise on neighbouring corpora how far one unit moves the sum: few steps suffice for both.
/// All of it is of this machine and build: it can refute, it proves nothing.
package struct MechanismAudit: Sendable {
    /// What one pair of corpora showed.
    package struct Finding: Sendable, Equatable {
        /// The pair.
        package let scenario: AuditScenario
        /// Steps run on each of the two corpora.
        package let draws: Int
        /// μ that σ claims.
        package let claimedMu: Double
        /// μ from means and variances.
        package let estimatedMu: Double
        /// What the true μ exceeds, with the confidence of the audit.
        package let lowerBound: Double
        /// How far the canary moves a release whose noise is frozen, in units of C/B.
        package let distance: Double
        /// What that may be at most.
        package let largestDistance: Double
        /// What the noise is at most, with the confidence of the audit, in units of what is claimed.
        package let noiseBound: Double
        /// Whether the measurements are compatible with the claim; NaN is not.
        package var isWithinClaim: Bool {
            lowerBound <= claimedMu && distance <= largestDistance && noiseBound >= 1
        }
    }

    /// σ of the audited steps: at μ = 3 an error of some percent shows best.
    package static let noiseMultiplier = 1.0 / 3
    private static let expectedBatchSize = 5
    private static let drawsPerBlock = 250

    private let secret: RunSecret
    private let failure: Double
    private let parallel: ParallelFor
    #if DEBUG
    /// Plants a bug, to see that the audit finds it.
    package var fault: PlantedFault.Kind?
    #endif

    /// Sets an audit up.
    ///
    /// - Parameters:
    ///   - secret: Where the noise comes from.
    ///   - failure: How likely one finding may refute a true claim, in (0, 1).
    ///   - parallel: The threads to use; findings do not depend on them.
    package init(secret: RunSecret, failure: Double, parallel: ParallelFor) {
        self.secret = secret
        self.failure = failure
        self.parallel = parallel
    }

    /// Runs `draws` steps, at least 20, on each of the two corpora of a scenario.
    ///
    /// - Throws: `PrivacyError` never in practice: the plans are constants.
    package func finding(for scenario: AuditScenario, draws: Int) throws -> Finding {
        let model = AuditModel(for: scenario)
        let (direction, distance) = try self.direction(scenario, model)
        let worlds = try releases(draws, of: scenario, model, along: direction)
        // The bounds of μ and of the noise in either world share the failure probability.
        let failure = self.failure / 3
        let bound = TwoWorldBound(
            without: worlds[0].flatMap(\.scores),
            with: worlds[1].flatMap(\.scores),
            failure: failure
        )
        let claimed = Self.noiseMultiplier * model.maxGradNorm / Double(Self.expectedBatchSize)
        let noise = worlds.map {
            ReleaseStatistics.noiseBound($0, claimed: claimed, failure: failure)
        }
        return Finding(
            scenario: scenario,
            draws: draws,
            claimedMu: 1 / Self.noiseMultiplier,
            estimatedMu: bound.estimate,
            lowerBound: bound.lowerBound,
            distance: distance * Double(Self.expectedBatchSize) / model.maxGradNorm,
            largestDistance: Self.largestDistance(in: scenario),
            // Not min, which is blind to NaN.
            noiseBound: noise[0] < noise[1] ? noise[0] : noise[1]
        )
    }

    /// C; where the canary has no gradient, what clipping leaves free for the others' rounding.
    private static func largestDistance(in scenario: AuditScenario) -> Double {
        scenario == .regroupedRecords ? ClippingFactors.leastMargin / 2 : 1
    }

    /// What the steps of either world release, in blocks that threads share.
    private func releases(
        _ draws: Int,
        of scenario: AuditScenario,
        _ model: AuditModel,
        along direction: [Float]
    ) throws -> [[ReleaseStatistics]] {
        let blocks = (draws + Self.drawsPerBlock - 1) / Self.drawsPerBlock
        let plans = try (0..<2 * blocks).map { _ in try plan(model) }
        let probes = try (0..<2 * blocks).map { try probe(scenario, withCanary: $0 % 2 == 1) }
        let parts = parallel.map(2 * blocks) { item, _ in
            let block = item / 2
            let corpus = scenario.corpus(withCanary: item % 2 == 1)
            return TrainingSeam.planting(self) {
                runner(plans[item], corpus, probes[item], model).releases(
                    along: direction,
                    count: min(Self.drawsPerBlock, draws - block * Self.drawsPerBlock),
                    label: "\(scenario.rawValue) \(item % 2) \(block)"
                )
            }
        }
        return (0..<2).map { world in (0..<blocks).map { parts[2 * $0 + world] } }
    }

    /// The release without the canary and that with it, under the same noise: the unit vector from
    /// one to the other, and their distance.
    private func direction(
        _ scenario: AuditScenario,
        _ model: AuditModel
    ) throws -> ([Float], distance: Double) {
        let released = try (0..<2).map { world in
            let (plan, probe) = (
                try plan(model), try probe(scenario, withCanary: world == 1)
            )
            return TrainingSeam.planting(self) {
                runner(plan, scenario.corpus(withCanary: world == 1), probe, model)
                    .release(label: "frozen noise")
            }
        }
        let difference = zip(released[0], released[1]).map { $1 - $0 }
        let distance = difference.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard distance > 0, distance.isFinite else {
            // Nothing to hide, or not finite: any coordinate will do.
            return (difference.indices.map { $0 == 0 ? 1 : 0 }, distance)
        }
        return (difference.map { $0 / Float(distance) }, distance)
    }

    /// The probe's step where the scenario is about it, else training's.
    private func runner(
        _ plan: PrivacyPlan,
        _ corpus: PrivateCorpus,
        _ probe: AuditedLabelProbe?,
        _ model: AuditModel
    ) -> AuditRunner {
        if let probe { return AuditRunner(probe, secret: secret) }
        return AuditRunner(plan: plan, corpus: corpus, model: model, secret: secret)
    }

    private func probe(
        _ scenario: AuditScenario,
        withCanary: Bool
    ) throws -> AuditedLabelProbe? {
        guard let canary = scenario.labelProbeCanary else { return nil }
        let plan = try FullBatchPlan(
            unitCount: Self.expectedBatchSize,
            steps: 1,
            noiseMultiplier: Self.noiseMultiplier,
            maxGradNorm: 1
        )
        return try AuditedLabelProbe(
            plan,
            canary: withCanary ? canary : 0,
            others: Self.expectedBatchSize
        )
    }

    private func plan(_ model: AuditModel) throws -> PrivacyPlan {
        try PrivacyPlan(
            unit: .record,
            schedule: SamplingSchedule(
                unitCount: Self.expectedBatchSize,
                expectedBatchSize: Self.expectedBatchSize,
                steps: 1
            ),
            noiseMultiplier: Self.noiseMultiplier,
            maxGradNorm: model.maxGradNorm,
            budget: .limited(epsilon: 100, delta: 1e-5),
            noiseKind: model.noiseKind
        )
    }
}

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
