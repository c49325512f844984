internal import Foundation

/// Rényi divergence of one step of the Poisson-subsampled Gaussian mechanism.
///
/// With q the sampling probability, σ the noise multiplier and r(x) = exp((2x − 1)/(2σ²)),
/// ```
/// RDP(α) = ln A(α) / (α − 1),   A(α) = E[(1 − q + q·r(x))^α],   x ~ N(0, σ²)
/// ```
/// which bounds both directions of add-or-remove-one (Mironov, Talwar, Zhang 2019,
/// arXiv:1908.10530, Sec. 3.3). Everything works on A − 1, because A is 1 + 10⁻¹² for the small q
/// of a large corpus and its logarithm would lose all digits.
///
/// | input | result |
/// |---|---|
/// | q = 0 | 0 |
/// | q = 1 | α / (2σ²) |
/// | σ = 0, or α = ∞, with q > 0 | ∞ |
/// | anything negative or NaN, q > 1, α ≤ 1 | throws |
package enum SubsampledGaussianRDP {
    /// The divergence of order `order`, in nats, relative error below 1e-9 and upwards where in doubt.
    package static func divergence(
        order: Double,
        samplingProbability: Double,
        noiseMultiplier: Double
    ) throws(PrivacyError) -> Double {
        try PrivacyError.require(
            .samplingProbability,
            samplingProbability,
            in: 0...1,
            "in [0, 1]"
        )
        guard noiseMultiplier >= 0 else {
            throw .parameter(
                .noiseMultiplier,
                value: noiseMultiplier,
                allowed: "at least 0"
            )
        }
        guard order > 1 else {
            throw .parameter(.order, value: order, allowed: "greater than 1")
        }
        if samplingProbability == 0 { return 0 }
        if noiseMultiplier == 0 || order == .infinity { return .infinity }
        if samplingProbability == 1 { return order / (2 * noiseMultiplier * noiseMultiplier) }
        let logExcess =
            order == order.rounded() && order <= largestIntegerOrder
            ? logExcessOfInteger(order, samplingProbability, noiseMultiplier)
            : try FractionalOrderSeries(order, samplingProbability, noiseMultiplier).logExcess()
        // ln(1 + e^s) without overflow or cancellation.
        let logMoment = logExcess > 0 ? logExcess + log1p(exp(-logExcess)) : log1p(exp(logExcess))
        let divergence = logMoment / (order - 1)
        guard divergence >= 0 else {
            throw .didNotConverge(what: "RDP of order \(order)", detail: "ln A is \(logMoment)")
        }
        return divergence
    }

    private static let largestIntegerOrder = 100_000.0

    /// ln(A − 1) for integer α: a finite sum of positive terms, since k = 0 and 1 have exponent 0
    /// and the binomial weights add up to 1.
    /// ```
    /// A − 1 = Σ_{k=2…α} C(α,k) (1−q)^(α−k) q^k expm1((k² − k)/(2σ²))
    /// ```
    private static func logExcessOfInteger(_ alpha: Double, _ q: Double, _ sigma: Double) -> Double
    {
        let logQ = log(q)
        let logRest = log1p(-q)
        let scale = 1 / (2 * sigma * sigma)
        var logBinomial = log(alpha)
        var largest = -Double.infinity
        var sum = 0.0
        var k = 2.0
        while k <= alpha {
            logBinomial += log((alpha - k + 1) / k)
            let exponent = (k * k - k) * scale
            let logTerm =
                logBinomial + (alpha - k) * logRest + k * logQ
                + (exponent < 700 ? log(expm1(exponent)) : exponent)
            if logTerm > largest {
                sum = sum * exp(largest - logTerm) + 1
                largest = logTerm
            } else {
                sum += exp(logTerm - largest)
            }
            k += 1
        }
        return largest == .infinity ? .infinity : largest + log(sum)
    }
}
