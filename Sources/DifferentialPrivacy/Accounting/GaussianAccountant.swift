internal import Foundation

/// The exact privacy curve of Gaussians without subsampling (Balle & Wang 2018).
///
/// arXiv:1805.06530, Theorem 8. Releases with noise multipliers σᵢ on the whole corpus are one Gaussian of mean shift
/// μ = √(Σ 1/σᵢ²), in other words μ-GDP, and
/// ```
/// δ(ε) = Φ(−ε/μ + μ/2) − e^ε·Φ(−ε/μ − μ/2)
/// ```
/// Used for Private Evolution's votes and for histograms.
public struct GaussianAccountant: Sendable {
    /// The accountant has no settings.
    public init() {}

    /// The exact epsilon, rounded upwards within 1e-12 relative.
    ///
    /// - Errors: `PrivacyError.unsupported` for events with subsampling, `.parameter` for parameters
    ///   out of range.
    public func guarantee(
        of event: PrivacyEvent,
        delta: Double
    ) throws(PrivacyError) -> PrivacyGuarantee {
        try guarantee(of: EventComposition(event), delta: delta)
    }

    package func guarantee(
        of composition: EventComposition,
        delta: Double
    ) throws(PrivacyError) -> PrivacyGuarantee {
        if let trivial = try TrivialGuarantee.epsilon(of: composition, delta: delta) {
            return PrivacyGuarantee(epsilon: trivial, delta: delta, accountant: .gaussian)
        }
        guard composition.isGaussian else {
            throw .unsupported(
                accountant: .gaussian,
                reason: composition.sampled.isEmpty
                    ? "its choices are not Gaussian"
                    : "its steps run on random samples of the corpus"
            )
        }
        let meanShift = composition.squaredMeanShift.squareRoot()
        return PrivacyGuarantee(
            epsilon: try Self.epsilon(meanShift: meanShift, delta: delta),
            delta: delta,
            accountant: .gaussian
        )
    }

    /// ln δ(ε) of a Gaussian with mean shift μ > 0 at unit noise, for ε ≥ 0.
    ///
    /// With a = ε/μ − μ/2 and the densities' identity φ(a) = e^ε·φ(a + μ), the difference is
    /// φ(a)·(R(a) − R(a + μ)) with the tail ratio R = Φ̄/φ: no overflow and no cancellation of tails.
    package static func logDelta(epsilon: Double, meanShift: Double) -> Double {
        let a = epsilon / meanShift - meanShift / 2
        if a < 0 {
            return log(
                GaussianTail.upper(a)
                    - exp(epsilon + GaussianTail.logUpper(a + meanShift))
            )
        }
        return log(tailRatioDrop(from: a, by: meanShift)) - 0.5 * a * a
    }

    /// (R(t) − R(t + width))/√(2π), by quadrature of −R′ = 1 − s·R(s) if the width is small.
    private static func tailRatioDrop(from t: Double, by width: Double) -> Double {
        guard width < 0.05 else {
            return GaussianTail.halfScaled(t) - GaussianTail.halfScaled(t + width)
        }
        let places = [-0.774_596_669_241_483_4, 0, 0.774_596_669_241_483_4]
        let weights = [5.0 / 18, 8.0 / 18, 5.0 / 18]
        var sum = 0.0
        for (place, weight) in zip(places, weights) {
            let s = t + 0.5 * width * (1 + place)
            sum += weight * (1 / GaussianTail.rootTwoPi - s * GaussianTail.halfScaled(s))
        }
        return sum * width
    }

    /// The smallest ε ≥ 0 with δ(ε) ≤ delta, by bisection, the upper end returned.
    package static func epsilon(
        meanShift: Double,
        delta: Double
    ) throws(PrivacyError) -> Double {
        let target = log(delta)
        func exceeds(_ epsilon: Double) -> Bool {
            !(logDelta(epsilon: epsilon, meanShift: meanShift) <= target)
        }
        if !exceeds(0) { return 0 }
        var low = 0.0
        var high = meanShift * meanShift / 2 + meanShift * (-2 * target).squareRoot() + 1e-300
        while exceeds(high), high < 1e300 { high *= 2 }
        for _ in 0..<2000 where high - low > 2e-14 * high {
            let middle = 0.5 * (low + high)
            if exceeds(middle) { low = middle } else { high = middle }
        }
        guard !exceeds(high) else {
            throw .didNotConverge(
                what: "the exact Gaussian epsilon",
                detail: "mean shift \(meanShift)"
            )
        }
        return high * (1 + 1e-12)
    }
}

/// Tails of the standard normal distribution with full relative accuracy.
package enum GaussianTail {
    /// Probability that a standard normal exceeds `t`.
    package static func upper(_ t: Double) -> Double { 0.5 * erfc(t * inverseRootTwo) }

    /// Natural logarithm of `upper(t)`, finite for every finite `t`.
    package static func logUpper(_ t: Double) -> Double {
        guard t > 0 else { return log1p(-0.5 * erfc(-t * inverseRootTwo)) }
        return log(halfScaled(t)) - 0.5 * t * t
    }

    /// Half the scaled complementary error function at t/√2: `upper(t)·exp(t²/2)`, for t ≥ 0.
    ///
    /// Asymptotic series from t = 17 on, where its smallest term is below 1e-17 (Abramowitz & Stegun 7.1.23).
    package static func halfScaled(_ t: Double) -> Double {
        guard t > 17 else { return 0.5 * erfc(t * inverseRootTwo) * exp(0.5 * t * t) }
        let inverseSquare = 1 / (t * t)
        var term = 1.0
        var sum = 1.0
        for k in 1...12 {
            term *= -Double(2 * k - 1) * inverseSquare
            sum += term
        }
        return sum / (t * rootTwoPi)
    }

    /// Density of a standard normal at `t`.
    package static func density(_ t: Double) -> Double { exp(-0.5 * t * t) / rootTwoPi }

    /// Probability of the interval from `low` to `high`, computed on the side of the smaller tail.
    package static func mass(_ low: Double, _ high: Double) -> Double {
        low + high > 0 ? upper(low) - upper(high) : upper(-high) - upper(-low)
    }

    /// The `t` with `upper(t) ≤ probability`, within 1e-12 of the smallest, for probability in (0, 0.5].
    package static func quantile(upper probability: Double) -> Double {
        let target = log(probability)
        var low = 0.0
        var high = 1 + (-2 * target).squareRoot()
        while high - low > 1e-12 * high {
            let middle = 0.5 * (low + high)
            if logUpper(middle) > target { low = middle } else { high = middle }
        }
        return high
    }

    package static let rootTwoPi = (2 * Double.pi).squareRoot()
    private static let inverseRootTwo = 0.5.squareRoot()
}
