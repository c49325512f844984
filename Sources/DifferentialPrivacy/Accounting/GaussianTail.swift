internal import Foundation

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
