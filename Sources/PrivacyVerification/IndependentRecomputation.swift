public import DifferentialPrivacy
internal import Foundation

/// A second opinion on a manifest's epsilon, by formulas and code that share nothing with the accountants.
///
/// It reads the event itself, integrates the Rényi divergence directly, and finds the true privacy
/// curve by numerical inversion of the losses' moment generating function instead of a grid.
/// Deliberately plain: meant to be read in one go by whoever signs the guarantee off.
public enum IndependentRecomputation {
    /// What a recomputation found out about a reported epsilon.
    public struct Confirmation: Codable, Equatable, Sendable {
        /// The epsilon by Rényi divergences, integrated numerically.
        public let rdpEpsilon: Double
        /// Bounds of the true epsilon: equal within 2e-9 if the inversion converged.
        public let lowerBound: Double
        /// The upper one of both bounds.
        public let upperBound: Double
        /// Whether the reported epsilon is an upper bound of the true one, and as tight as its accountant is.
        public let agrees: Bool
    }

    /// Recomputes the epsilon of `event` and compares it with a reported guarantee.
    ///
    /// | reported by | agrees if |
    /// |---|---|
    /// | `rdp` | the one integrated at the stated order is equal within 1e-6, lower bound ≤ reported |
    /// | `pld` | lower bound ≤ reported ≤ upper bound·1.001 + 1e-3 |
    /// | `gaussian` | lower bound ≤ reported ≤ upper bound within 1e-6 relative |
    /// | any | both are 0, or both infinite |
    ///
    /// With choices of bounded range the bounds are those of `boundsOfChoices`. Otherwise they come from
    /// the inversion or, where a tiny sampling probability makes the loss nearly
    /// an atom, from rounding losses up and down on a fine grid: then they are apart by the number
    /// of steps times the grid's interval, and show how much was confirmed.
    ///
    /// - Errors: `PrivacyError` if the event or delta is invalid, or the noise too small to integrate.
    public static func confirm(
        _ guarantee: PrivacyGuarantee,
        of event: PrivacyEvent
    ) throws(PrivacyError) -> Confirmation {
        let delta = guarantee.delta
        guard delta >= 0, delta < 1 else {
            throw .parameter(.delta, value: delta, allowed: "in [0, 1)")
        }
        let releases = try NoisyRelease.all(in: event)
        if releases.isEmpty { return extreme(0, guarantee) }
        if delta == 0 || releases.contains(where: { $0.noiseMultiplier == 0 }) {
            return extreme(.infinity, guarantee)
        }
        for release in releases where release.noiseMultiplier < Self.leastNoise {
            throw .parameter(
                .noiseMultiplier,
                value: release.noiseMultiplier,
                allowed: "0 or at least \(Self.leastNoise) to be recomputed"
            )
        }
        let stated = guarantee.order.map { rdpEpsilon(of: releases, delta: delta, order: $0) }
        let rdp = orders.reduce(stated ?? .infinity) {
            min($0, rdpEpsilon(of: releases, delta: delta, order: $1))
        }
        let bounds = trueEpsilon(of: releases, delta: delta, atMost: rdp)
        return Confirmation(
            rdpEpsilon: rdp,
            lowerBound: bounds.lowerBound,
            upperBound: bounds.upperBound,
            agrees: agrees(guarantee, rdp: stated, bounds)
        )
    }

    /// Integrals take about order/σ² points; a statement is anybody's and must not take hours.
    private static let leastNoise = 0.05

    private static func extreme(_ epsilon: Double, _ guarantee: PrivacyGuarantee) -> Confirmation {
        Confirmation(
            rdpEpsilon: epsilon,
            lowerBound: epsilon,
            upperBound: epsilon,
            agrees: guarantee.epsilon == epsilon
        )
    }

    private static func trueEpsilon(
        of releases: [NoisyRelease],
        delta: Double,
        atMost rdpEpsilon: Double
    ) -> ClosedRange<Double> {
        if releases.contains(where: { $0.range != nil }) {
            return boundsOfChoices(in: releases, delta: delta)
        }
        if let exact = PrivacyCurveInversion.epsilon(of: releases, delta: delta) {
            return (exact * (1 - 1e-9))...(exact * (1 + 1e-9))
        }
        let bracket = RoundedLossBracket(releases, delta: delta).epsilon(delta: delta)
        let upper = min(bracket.upperBound, rdpEpsilon)
        return min(bracket.lowerBound, upper)...upper
    }

    /// Bounds where tokens were chosen, each with what was chosen before in mind.
    ///
    /// Below: the same choice between two outcomes every time, the worst such, or the one with losses
    /// ±η/2, rounded down, if there are samples or choices of several ranges besides. Above: Rényi
    /// divergences. Truth lies between, as an adversary gains a little by looking back.
    static func boundsOfChoices(
        in releases: [NoisyRelease],
        delta: Double
    ) -> ClosedRange<Double> {
        let upper = (orders + PublishedOrders.all).reduce(Double.infinity) {
            min($0, rdpEpsilon(of: releases, delta: delta, order: $1))
        }
        let lower = lowerBoundOfChoices(in: releases, delta: delta)
        return min(lower, upper)...upper
    }

    private static func lowerBoundOfChoices(
        in releases: [NoisyRelease],
        delta: Double
    ) -> Double {
        let choices = releases.filter { $0.span != nil }
        let others = releases.filter { $0.span == nil }
        guard choices.count == 1, others.allSatisfy({ $0.samplingProbability == 1 }),
            let span = choices[0].span
        else { return RoundedLossBracket(releases, delta: delta).epsilon(delta: delta).lowerBound }
        let square = others.reduce(0) { sum, release in
            let shift = Double(release.groupSize) / release.noiseMultiplier
            return sum + Double(release.count) * shift * shift
        }
        return BoundedRangeLoss(range: span).leastEpsilon(
            count: choices[0].count,
            meanShift: square.squareRoot(),
            delta: delta
        )
    }

    private static func agrees(
        _ guarantee: PrivacyGuarantee,
        rdp: Double?,
        _ bounds: ClosedRange<Double>
    ) -> Bool {
        let reported = guarantee.epsilon
        let closeness = 1e-6
        let isValid = bounds.lowerBound <= reported * (1 + 1e-7) + 1e-9
        switch guarantee.accountant {
        case .rdp:
            // ∞ is close to nothing, itself included.
            guard let rdp, rdp < .infinity else { return false }
            return isValid && abs(reported - rdp) <= closeness * rdp
        case .pld:
            return isValid && guarantee.order == nil
                && reported <= bounds.upperBound * 1.001 + 1e-3
        case .gaussian:
            return isValid && guarantee.order == nil
                && reported <= bounds.upperBound * (1 + closeness) + 1e-9
        case .best: return false
        }
    }

    /// The orders that are tried besides the one stated: each gives a bound.
    static let orders = [
        1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48,
        64, 96,
        128, 256, 512, 1024,
    ]

    /// The epsilon that the divergence of one order guarantees; ∞ if it cannot be integrated.
    static func rdpEpsilon(of releases: [NoisyRelease], delta: Double, order: Double) -> Double {
        guard order > 1, order < .infinity else { return .infinity }
        var divergence = 0.0
        for release in releases {
            guard release.nodeCount(order: order) < mostNodes else { return .infinity }
            divergence += Double(release.count) * release.renyiDivergence(order: order)
        }
        // NaN must not pass for a small divergence: min and max are blind to it.
        guard divergence >= 0 else { return .infinity }
        if -expm1(-divergence) < delta * delta { return 0 }
        let conversion = (log(1 / delta) - log(order)) / (order - 1) + log(1 - 1 / order)
        return max(0, divergence + conversion)
    }

    private static let mostNodes = 5e6
}
