internal import Foundation

/// From Rényi divergence to epsilon and delta.
///
/// Canonne, Kamath, Steinke 2020, arXiv:2004.00010, Proposition 12.
package enum RDPConversion {
    /// The epsilon that a divergence of the given order guarantees at `delta` in (0, 1).
    ///
    /// ```
    /// ε = R + ln((α − 1)/α) − (ln δ + ln α)/(α − 1), at least 0
    /// ```
    /// It is 0 as well if the total variation distance, at most √(1 − e^(−R)), is below delta.
    package static func epsilon(divergence: Double, order: Double, delta: Double) -> Double {
        guard divergence.isFinite, order > 1 else { return .infinity }
        if delta * delta + expm1(-divergence) > 0 { return 0 }
        let bound =
            divergence + log1p(-1 / order) - (log(delta) + log(order)) / (order - 1)
        return bound.isNaN ? .infinity : max(0, bound)
    }
}
