internal import Foundation

/// The alternating series of the subsampled Gaussian's moment for orders that are not integers.
///
/// The expectation is split where both parts of the mixture are equal, at z₀ = σ²·ln(1/q − 1) + ½,
/// and (1 − q + q·r)^α is expanded by the binomial series on either side. With b_i the generalised
/// binomials (their signs alternate for i > α and must be kept), the i-th terms are
/// ```
/// left:  b_i (1−q)^(α−i) q^i e^{(i²−i)/(2σ²)} Φ((z₀−i)/σ)
/// right: b_i q^(α−i) (1−q)^i e^{(j²−j)/(2σ²)} Φ((j−z₀)/σ),   j = α − i
/// ```
/// (Mironov, Talwar, Zhang 2019, Sec. 3.3). Beyond the split, either becomes
/// b_i·(1−q)^α·e^{−z₀²/(2σ²)}·R(t) with the scaled tail R, so nothing overflows. To get A − 1 with
/// full relative accuracy, E[1 + α·q·(r − 1)] = 1 is subtracted term by term: the weights
/// b_i (1−q)^(α−i) q^i add up to 1, and i times them to α·q, if q < ½ (mirrored otherwise).
/// The tail falls like i^(−α−2) only, so it is summed by repeated averaging of partial sums
/// (Euler's transformation), whose last change is added to the result as an error bound.
struct FractionalOrderSeries {
    private let alpha: Double
    private let q: Double
    private let sigma: Double
    private let split: Double
    private let logQ: Double
    private let logRest: Double
    /// ln of the factor that all terms beyond the split share.
    private let logShared: Double
    /// Natural logarithm of what every term is divided by; 0 unless A is astronomic.
    private let logScale: Double
    /// Φ̄(z₀/σ), Φ̄((z₀−1)/σ): the shares of both mixture parts right of the split.
    private let rightOfZero: Double
    private let rightOfOne: Double

    init(_ alpha: Double, _ q: Double, _ sigma: Double) {
        self.alpha = alpha
        self.q = q
        self.sigma = sigma
        logQ = log(q)
        logRest = log1p(-q)
        split = sigma * sigma * (logRest - logQ) + 0.5
        logShared = alpha * logRest - 0.5 * (split / sigma) * (split / sigma)
        rightOfZero = GaussianTail.upper(split / sigma)
        rightOfOne = GaussianTail.upper((split - 1) / sigma)
        // The largest conceivable term is the one with k = α; small values need no scaling.
        let crude = alpha * logQ + (alpha * alpha - alpha) / (2 * sigma * sigma)
        logScale = crude > 200 ? crude : 0
    }

    /// ln(A − 1), not below the true value beyond rounding; throws if the series does not settle.
    func logExcess() throws(PrivacyError) -> Double {
        var terms: [Double] = []
        var logBinomial = 0.0
        var sign = 1.0
        var start = Int(alpha) + 10
        while start <= Self.longestSeries {
            while terms.count < start + Self.averagedTerms {
                let i = Double(terms.count)
                terms.append(sign * term(i, logBinomial))
                logBinomial += log(abs(alpha - i) / (i + 1))
                if i > alpha { sign = -sign }
            }
            let (sum, error) = Self.sum(terms, averagingFrom: start)
            let excess = sum - centre + error
            guard excess.isFinite else { break }
            if excess > 0, error <= 1e-12 * excess { return log(excess) + logScale }
            start *= 2
        }
        throw .didNotConverge(
            what: "RDP of order \(alpha)",
            detail: "sampling probability \(q), noise multiplier \(sigma)"
        )
    }

    private static let longestSeries = 40_000
    private static let averagedTerms = 24

    /// What the uncentred side contributes of E[1 + α·q·(r − 1)]; negligible when A is scaled down.
    private var centre: Double {
        if logScale > 0 { return 0 }
        let shiftedRight = alpha * q * (rightOfOne - rightOfZero)
        return q < 0.5 ? rightOfZero + shiftedRight : (1 - rightOfZero) - shiftedRight
    }

    /// The i-th terms of both sides, without the binomial's sign.
    private func term(_ i: Double, _ logBinomial: Double) -> Double {
        left(i, logBinomial) + right(i, logBinomial)
    }

    private func left(_ i: Double, _ logBinomial: Double) -> Double {
        let t = (i - split) / sigma
        let logWeight = logBinomial + (alpha - i) * logRest + i * logQ
        return side(
            k: i,
            t: t,
            logWeight: logWeight,
            logBinomial: logBinomial,
            isCentred: q < 0.5,
            constant: { (1 - rightOfZero) - i * (rightOfOne - rightOfZero) },
            shift: {
                (rightOfZero - GaussianTail.upper(-t)) + i * (rightOfOne - rightOfZero)
            }
        )
    }

    private func right(_ i: Double, _ logBinomial: Double) -> Double {
        let j = alpha - i
        let t = (split - j) / sigma
        let logWeight = logBinomial + j * logQ + i * logRest
        return side(
            k: j,
            t: t,
            logWeight: logWeight,
            logBinomial: logBinomial,
            isCentred: q >= 0.5,
            constant: { rightOfZero + j * (rightOfOne - rightOfZero) },
            shift: {
                (GaussianTail.upper(t) - rightOfZero) - j * (rightOfOne - rightOfZero)
            }
        )
    }

    /// One side's term: weight·(e^{(k²−k)/(2σ²)}·Φ(−t) − constant), the constant only if centred.
    ///
    /// - `shift`: Φ(−t) − constant, computed without cancellation.
    private func side(
        k: Double,
        t: Double,
        logWeight: Double,
        logBinomial: Double,
        isCentred: Bool,
        constant: () -> Double,
        shift: () -> Double
    ) -> Double {
        let subtract = isCentred && logScale == 0
        if t > 3 {
            let tail = exp(logBinomial + logShared - logScale) * GaussianTail.halfScaled(t)
            return subtract ? tail - exp(logWeight) * constant() : tail
        }
        let exponent = (k * k - k) / (2 * sigma * sigma)
        let mass = GaussianTail.upper(t)
        if !subtract { return exp(logWeight + exponent - logScale) * mass }
        if exponent > 1 { return exp(logWeight + exponent) * mass - exp(logWeight) * constant() }
        return exp(logWeight) * (expm1(exponent) * mass + shift())
    }

    /// The sum of an alternating series and a bound on its error.
    private static func sum(_ terms: [Double], averagingFrom start: Int) -> (Double, Double) {
        var head = 0.0
        var compensation = 0.0
        for term in terms[..<start] {
            let next = head + term
            compensation += abs(head) >= abs(term) ? (head - next) + term : (term - next) + head
            head = next
        }
        var partial = [0.0]
        for term in terms[start...] { partial.append((partial.last ?? 0) + term) }
        var previous = partial[0]
        while partial.count > 1 {
            previous = partial[0]
            for k in 0..<(partial.count - 1) { partial[k] = 0.5 * (partial[k] + partial[k + 1]) }
            partial.removeLast()
        }
        return (head + (compensation + partial[0]), abs(partial[0] - previous))
    }
}
