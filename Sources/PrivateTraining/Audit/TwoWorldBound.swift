import Foundation

/// How well scores tell two worlds apart: a lower bound of μ of Gaussian differential privacy.
///
///     μ ≥ Φ⁻¹(1 − FPR) − Φ⁻¹(FNR)       for every threshold (Nasr et al. 2023, arXiv:2302.07956)
///
/// Both rates are replaced by exact upper bounds, each at half of the failure probability. The
/// threshold is chosen on the first tenth of the scores, which the rates are not taken from.
struct TwoWorldBound: Equatable {
    /// μ from means and variances: what is most likely, without confidence.
    let estimate: Double
    /// What μ exceeds, but for the failure probability; at least 0.
    let lowerBound: Double

    /// Compares the scores of steps without and with the canary; higher should mean with.
    ///
    /// A score that is not a number counts as infinite: whoever sees it has won.
    init(without: [Double], with: [Double], failure: Double) {
        precondition(without.count == with.count && with.count >= 20, "too few scores")
        let pilot = max(with.count / 10, 10)
        let worlds = [without, with].map { $0.map { $0.isNaN ? .infinity : $0 } }
        let threshold = Self.threshold(worlds[0][..<pilot], worlds[1][..<pilot])
        lowerBound = max(
            0,
            Self.bound(worlds[0][pilot...], worlds[1][pilot...], threshold, failure: failure)
        )
        estimate = Self.estimate(without, with)
    }

    /// The best of 19 quantiles of the pilot.
    private static func threshold(_ without: ArraySlice<Double>, _ with: ArraySlice<Double>)
        -> Double
    {
        let sorted = (Array(without) + Array(with)).sorted()
        let candidates = (1..<20).map { sorted[$0 * (sorted.count - 1) / 20] }
        let scored = candidates.map { ($0, bound(without, with, $0, failure: 0.1)) }
        return scored.max { $0.1 < $1.1 }?.0 ?? 0
    }

    private static func bound(
        _ without: ArraySlice<Double>,
        _ with: ArraySlice<Double>,
        _ threshold: Double,
        failure: Double
    ) -> Double {
        let falsePositives = without.reduce(0) { $0 + ($1 > threshold ? 1 : 0) }
        let falseNegatives = with.reduce(0) { $0 + ($1 > threshold ? 0 : 1) }
        let rates = [(falsePositives, without.count), (falseNegatives, with.count)].map {
            BinomialBound.upper(successes: $0.0, trials: $0.1, failure: failure / 2)
        }
        guard rates[0] < 1, rates[1] < 1 else { return -.infinity }
        return -quantile(rates[0]) - quantile(rates[1])
    }

    private static func estimate(_ without: [Double], _ with: [Double]) -> Double {
        let count = Double(with.count)
        let means = [without, with].map { $0.reduce(0, +) / count }
        let squares = zip([without, with], means).map { scores, mean in
            scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        }
        let shift = means[1] - means[0]
        guard shift != 0 else { return 0 }
        let value = shift / (0.5 * (squares[0] + squares[1])).squareRoot()
        return value.isNaN ? .infinity : value
    }

    /// Φ⁻¹(p) by bisection; p in (0, 1).
    static func quantile(_ p: Double) -> Double {
        var (low, high) = (-40.0, 40.0)
        while high - low > 1e-12 {
            let middle = 0.5 * (low + high)
            if 0.5 * erfc(-middle / 2.0.squareRoot()) < p { low = middle } else { high = middle }
        }
        return 0.5 * (low + high)
    }
}

/// Exact one-sided bounds of a probability from a number of successes (Clopper & Pearson 1934).
enum BinomialBound {
    /// The largest probability that `successes` of `trials` or fewer do not rule out.
    ///
    /// - `failure`: The chance that the true probability is above the bound, in (0, 1).
    static func upper(successes: Int, trials: Int, failure: Double) -> Double {
        precondition(trials > 0 && (0...trials).contains(successes) && failure > 0 && failure < 1)
        guard successes < trials else { return 1 }
        var low = Double(successes) / Double(trials)
        var high = 1.0
        while high - low > 1e-12 * high {
            let middle = 0.5 * (low + high)
            guard middle > low, middle < high else { break }
            let tail = probability(ofAtMost: successes, of: trials, probability: middle)
            if tail > failure { low = middle } else { high = middle }
        }
        return high
    }

    /// The smallest probability that `successes` of `trials` or more do not rule out.
    static func lower(successes: Int, trials: Int, failure: Double) -> Double {
        1 - upper(successes: trials - successes, trials: trials, failure: failure)
    }

    /// P(X ≤ k) of a binomial variable: the regularised incomplete beta function I₁₋ₚ(n − k, k + 1).
    static func probability(ofAtMost k: Int, of n: Int, probability p: Double) -> Double {
        let (a, b) = (Double(n - k), Double(k + 1))
        let x = 1 - p
        guard x > 0 else { return 0 }
        guard p > 0 else { return 1 }
        let logFront =
            lgamma(a + b) - lgamma(a) - lgamma(b) + a * log1p(-p) + b * log(p)
        let front = exp(logFront)
        // Each fraction converges quickly on its side of the mean.
        return x < (a + 1) / (a + b + 2)
            ? front * continuedFraction(a, b, x) / a
            : 1 - front * continuedFraction(b, a, p) / b
    }

    /// The continued fraction of the incomplete beta function, by Lentz's method (DLMF 8.17.22).
    private static func continuedFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
        let tiny = 1e-300
        func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / away(1 - (a + b) * x / (a + 1))
        var result = d
        for m in 1...100_000 {
            let m = Double(m)
            for term in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 / away(1 + term * d)
                c = away(1 + term / c)
                result *= d * c
            }
            if abs(d * c - 1) < 1e-14 { break }
        }
        return result
    }
}
