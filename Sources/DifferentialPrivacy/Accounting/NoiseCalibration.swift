internal import Foundation

/// Finds the smallest noise multiplier that meets a target, always on the conservative side.
///
/// - The epsilon of the answer never exceeds the target: it is computed once more after solving,
///   by the whole accountant, and the answer is refused if it does.
/// - It is at least target·(1 − 1e-4), unless epsilon jumps there (it never does for practical targets).
public struct NoiseCalibration: Sendable {
    /// The epsilon not to exceed, in nats, positive and finite.
    public let epsilon: Double
    /// The delta that epsilon is meant at, in (0, 1).
    public let delta: Double
    /// Whose epsilon must meet the target.
    public let accountant: Accountant

    /// A noise multiplier with the guarantee it gives.
    public struct Result: Equatable, Sendable {
        /// The smallest multiplier found.
        public let noiseMultiplier: Double
        /// Its guarantee, checked after solving.
        public let guarantee: PrivacyGuarantee
    }

    /// A target; throws if epsilon is not positive and finite or delta not in (0, 1).
    public init(
        epsilon: Double,
        delta: Double,
        accountant: Accountant = .best
    ) throws(PrivacyError) {
        guard epsilon > 0, epsilon.isFinite else {
            throw .parameter(.epsilon, value: epsilon, allowed: "positive and finite")
        }
        guard delta > 0, delta < 1 else {
            throw .parameter(.delta, value: delta, allowed: "in (0, 1)")
        }
        self.epsilon = epsilon
        self.delta = delta
        self.accountant = accountant
    }

    /// For DP-SGD training, with other releases from the same budget alongside.
    ///
    /// - `samplingProbability`: In (0, 1].
    /// - `steps`: At least 1.
    /// - `alongside`: Fixed events that spend from the same epsilon, such as a label histogram.
    /// - Errors: `PrivacyError.unreachableTarget` if the fixed events already exceed the target.
    public func training(
        samplingProbability: Double,
        steps: Int,
        alongside: [PrivacyEvent] = []
    ) throws(PrivacyError) -> Result {
        guard samplingProbability > 0, samplingProbability <= 1 else {
            throw .parameter(
                .samplingProbability,
                value: samplingProbability,
                allowed: "in (0, 1]"
            )
        }
        guard steps >= 1 else {
            throw .parameter(.steps, value: Double(steps), allowed: "at least 1")
        }
        return try solve { noiseMultiplier in
            .composed(
                [
                    .training(
                        noiseMultiplier: noiseMultiplier,
                        samplingProbability: samplingProbability,
                        steps: steps
                    )
                ] + alongside
            )
        }
    }

    /// For `count` Gaussian releases on the whole corpus, such as the votes of Private Evolution.
    public func gaussians(
        count: Int,
        alongside: [PrivacyEvent] = []
    ) throws(PrivacyError) -> Result {
        try training(samplingProbability: 1, steps: count, alongside: alongside)
    }

    /// For any event that reveals less the larger its noise multiplier is.
    ///
    /// - `event`: The event with a given noise multiplier; epsilon must fall as it rises.
    public func solve(
        _ event: (_ noiseMultiplier: Double) -> PrivacyEvent
    ) throws(PrivacyError) -> Result {
        var search = CalibrationSearch(target: epsilon, delta: delta, accountant: accountant)
        let noiseMultiplier = try search.smallestNoiseMultiplier(event)
        let guarantee = try PrivacyAccounting.guarantee(
            of: event(noiseMultiplier),
            delta: delta,
            accountant: accountant
        )
        guard guarantee.epsilon <= epsilon else {
            throw .didNotConverge(
                what: "the noise multiplier for epsilon \(epsilon)",
                detail: "\(noiseMultiplier) gives \(guarantee.epsilon)"
            )
        }
        return Result(noiseMultiplier: noiseMultiplier, guarantee: guarantee)
    }
}
