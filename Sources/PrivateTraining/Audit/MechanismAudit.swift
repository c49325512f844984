package import DifferentialPrivacy
package import Kernels
import LanguageModel

/// Measures what one step of the trainer gives away, and compares it with what is claimed.
///
/// The real step runs on two neighbouring corpora, many times each with fresh noise. Whoever knows
/// both corpora and the model scores each release along the difference that the noise hides. If
/// the scores can be told apart better than N(0, 1) from N(μ, 1), μ = 1/σ, the claim is false. The
/// bound is from below and of this machine and build: it can refute, it proves nothing.
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
        /// Whether the measurement is compatible with the claim.
        package var isWithinClaim: Bool { lowerBound <= claimedMu }
    }

    /// σ of the audited steps: at μ = 3 an error of some percent shows best.
    package static let noiseMultiplier = 1.0 / 3
    private static let expectedBatchSize = 5
    private static let drawsPerBlock = 250

    private let secret: RunSecret
    private let failure: Double
    private let parallel: ParallelFor
    #if DEBUG
    private let fault: PlantedFault.Kind?
    #endif

    #if DEBUG
    /// An audit of a step with a planted fault, or without one.
    package init(
        secret: RunSecret,
        failure: Double,
        parallel: ParallelFor,
        fault: PlantedFault.Kind?
    ) {
        self.secret = secret
        self.failure = failure
        self.parallel = parallel
        self.fault = fault
    }
    #endif

    /// Sets an audit up.
    ///
    /// - Parameters:
    ///   - secret: Where the noise comes from.
    ///   - failure: How likely one finding may refute a true claim, in (0, 1).
    ///   - parallel: The threads to use; findings do not depend on them.
    package init(secret: RunSecret, failure: Double, parallel: ParallelFor) {
        #if DEBUG
        self.init(secret: secret, failure: failure, parallel: parallel, fault: nil)
        #else
        self.secret = secret
        self.failure = failure
        self.parallel = parallel
        #endif
    }

    /// Runs `draws` steps on each of the two corpora of a scenario.
    ///
    /// - Throws: `PrivacyError` never in practice: the plans are constants.
    package func finding(for scenario: AuditScenario, draws: Int) throws -> Finding {
        let model = AuditScenario.makeModel()
        let direction = try self.direction(scenario, model)
        let blocks = (draws + Self.drawsPerBlock - 1) / Self.drawsPerBlock
        let plans = try (0..<2 * blocks).map { _ in try plan(isPrivate: true) }
        let scores = parallel.map(2 * blocks) { item, _ in
            let block = item / 2
            let count = min(Self.drawsPerBlock, draws - block * Self.drawsPerBlock)
            let runner = AuditRunner(
                plan: plans[item],
                corpus: scenario.corpus(withCanary: item % 2 == 1),
                model: model,
                secret: secret
            )
            return runner.scores(
                along: direction,
                count: count,
                label: "\(scenario.rawValue) \(item % 2) \(block)"
            )
        }
        let worlds = (0..<2).map { world in
            (0..<blocks).flatMap { scores[2 * $0 + world] }
        }
        let bound = TwoWorldBound(without: worlds[0], with: worlds[1], failure: failure)
        return Finding(
            scenario: scenario,
            draws: draws,
            claimedMu: 1 / Self.noiseMultiplier,
            estimatedMu: bound.estimate,
            lowerBound: bound.lowerBound
        )
    }

    /// The unit vector from the release without the canary to that with it, both without noise.
    private func direction(_ scenario: AuditScenario, _ model: GPT2Parameters) throws -> [Float] {
        let released = try (0..<2).map { world in
            AuditRunner(
                plan: try plan(isPrivate: false),
                corpus: scenario.corpus(withCanary: world == 1),
                model: model,
                secret: secret
            ).release(label: "noiseless \(world)")
        }
        let difference = zip(released[0], released[1]).map { $1 - $0 }
        let square = difference.reduce(0.0) { $0 + Double($1) * Double($1) }
        guard square > 0, square.isFinite else {
            // Nothing to hide, or not finite: any coordinate will do.
            return difference.indices.map { $0 == 0 ? 1 : 0 }
        }
        return difference.map { $0 / Float(square.squareRoot()) }
    }

    private func plan(isPrivate: Bool) throws -> PrivacyPlan {
        var plan = try PrivacyPlan(
            unit: .record,
            schedule: SamplingSchedule(
                unitCount: Self.expectedBatchSize,
                expectedBatchSize: Self.expectedBatchSize,
                steps: 1
            ),
            noiseMultiplier: isPrivate ? Self.noiseMultiplier : 0,
            maxGradNorm: 1,
            budget: isPrivate ? .limited(epsilon: 100, delta: 1e-5) : .unlimited
        )
        #if DEBUG
        plan.fault = fault.map(PlantedFault.init)
        #endif
        return plan
    }
}
