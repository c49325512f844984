internal import Foundation

/// Rényi divergence of one choice whose privacy losses span at most a range η.
///
/// Such a choice is dominated by one between two outcomes whose losses are t and t − η, for the worst
/// t in [0, η] (Dong, Durfee, Rogers 2020, arXiv:1909.13830, Sec. 4), so that with x = e^t
/// ```
/// e^((α−1)·RDP(α)) = max over x of x^(α−1)·(A − x·B)/(e^η − 1),   A = e^η − e^(−(α−1)η),  B = 1 − e^(−(α−1)η)
/// ```
/// whose maximum lies at x = (α − 1)·A/(α·B). It is at most α·η²/8 (Cesar & Rogers 2021,
/// arXiv:2004.07223, Lemma 3.4: η²/8-zCDP), with equality as η → 0. Both directions have the same divergence.
package enum BoundedRangeRDP {
    /// The divergence of order `order` > 1 for a range above 0, in nats, rounded upwards.
    package static func divergence(order: Double, range: Double) -> Double {
        let excess = order - 1
        let concentrated = order * range * range / 8
        // ln A − η and ln B, free of overflow and of cancellation.
        let logA = log(-expm1(-order * range))
        let logB = log(-expm1(-excess * range))
        let logPlace = log(excess / order) + range + logA - logB
        let logHeight = logA - log(order) - log(-expm1(-range))
        // Terms near η cancel down to η²: what rounding can lose is put on top.
        let rounding = 1e-15 * (1 + range * order)
        return min(concentrated, (excess * logPlace + logHeight + rounding) / excess)
    }
}
