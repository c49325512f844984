internal import Foundation

/// The privacy loss of one choice between outcomes whose losses span at most a range η.
///
/// The worst one is a choice between two outcomes with losses t and t − η, the first of probability
/// (e^η − e^t)/(e^η − 1) with the unit (Dong, Durfee, Rogers 2020, arXiv:1909.13830).
struct BoundedRangeLoss {
    /// η, above 0.
    let range: Double

    /// Rényi divergence of the worst t, found by golden section.
    func renyiDivergence(order: Double) -> Double {
        let power = order - 1
        // Terms near η cancel: below this they would leave few digits, and the bound is this close.
        guard range * order > 1e-3 else { return order * range * range / 8 }
        func logMoment(_ t: Double) -> Double {
            power * t + log1p(expm1(t) / expm1(range) * expm1(-power * range))
        }
        let golden = 0.618_033_988_749_894_9
        var (low, high) = (0.0, range)
        while high - low > 1e-9 * range {
            let x = high - golden * (high - low)
            let y = low + golden * (high - low)
            if logMoment(x) < logMoment(y) { low = x } else { high = y }
        }
        return logMoment(0.5 * (low + high)) / power
    }

    /// The probability of the outcome with loss +η/2 or −η/2, of the choice where t is η/2.
    func probabilityOfHalf(sign: Double) -> Double { 1 / (1 + exp(-0.5 * sign * range)) }

    /// ln E[e^(wℓ)] without the unit, for losses ±η/2.
    func logMomentOfHalves(_ exponent: Double) -> Double {
        let half = 0.5 * range
        let reach = abs(exponent) * half
        return reach
            + log(
                probabilityOfHalf(sign: -1) * exp(exponent * half - reach)
                    + probabilityOfHalf(sign: 1) * exp(-exponent * half - reach)
            )
    }
}

extension BoundedRangeLoss {
    /// An ε that some sequence of `count` choices has, with Gaussians of mean shift μ beside them.
    ///
    /// Every choice is the one between losses t and t − η: how many lose t is binomial, and given that
    /// the Gaussians' curve is in closed form. The best t of nineteen counts.
    ///
    /// - `count`: At least 1.
    /// - `meanShift`: √(Σ 1/σ²), 0 for none.
    /// - `delta`: In (0, 1).
    func leastEpsilon(count: Int, meanShift: Double, delta: Double) -> Double {
        let places = (1...19).map { Double($0) / 20 * range }
        return places.map { t in
            leastEpsilon(atoms(count: count, t: t), meanShift: meanShift, delta: delta)
        }.max() ?? 0
    }

    /// Summed losses and their probabilities with the unit.
    private func atoms(count: Int, t: Double) -> [(loss: Double, mass: Double)] {
        let lost = expm1(t) / expm1(range)
        let size = Double(count)
        return (0...count).map { number in
            let j = Double(number)
            let ways = lgamma(size + 1) - lgamma(j + 1) - lgamma(size - j + 1)
            let mass = exp(ways + j * log(lost) + (size - j) * log1p(-lost))
            return (size * t - j * range, mass)
        }
    }

    private func leastEpsilon(
        _ atoms: [(loss: Double, mass: Double)],
        meanShift: Double,
        delta: Double
    ) -> Double {
        func reached(_ epsilon: Double) -> Bool {
            atoms.reduce(0) { $0 + $1.mass * curve(epsilon - $1.loss, meanShift) } > delta
        }
        guard reached(0) else { return 0 }
        var (low, high) = (0.0, 1.0)
        while reached(high), high < 1e6 { high *= 2 }
        while high - low > 1e-9 * high {
            let middle = 0.5 * (low + high)
            if reached(middle) { low = middle } else { high = middle }
        }
        // The curve's two terms cancel far out.
        return low * (1 - 1e-6)
    }

    /// δ(x) of a Gaussian of that mean shift at any x; of nothing for 0.
    private func curve(_ x: Double, _ meanShift: Double) -> Double {
        guard meanShift > 0 else { return max(0, -expm1(x)) }
        func below(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }
        let gain = below(-x / meanShift + meanShift / 2)
        return max(0, gain - exp(x) * below(-x / meanShift - meanShift / 2))
    }
}
