import Foundation

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
