internal import Foundation

extension ComposedLoss {
    /// The epsilon of this direction at `delta`.
    ///
    /// With w(s) = P_λ(s)·exp(ΣK − λs) the privacy curve is δ(ε) = Σ_{s>ε} (1 − e^(ε−s))·w(s),
    /// accumulated from the top so that nothing cancels. Errors of masses enter as
    /// exp(ΣK − λε) times the bounds: by Cauchy-Schwarz for the spectral part, as a geometric
    /// series for the last transform, plus the tilted mass outside the window.
    ///
    /// - `delta`: What is left of delta after infinite losses.
    /// - `offset`: What every loss of the grid must be raised by, in nats.
    /// - Result: For pessimistic estimates an epsilon whose true delta is at most `delta`; for
    ///   optimistic ones an epsilon whose true delta is at least `delta`. At least 0.
    func epsilon(
        delta: Double,
        interval: Double,
        offset: Double,
        estimate: PLDEstimate
    ) -> Double {
        let decay = exp(-interval)
        let error = relativeError(interval: interval)
        let errorSign = estimate == .pessimistic ? 1.0 : -1.0
        var mass = 0.0
        var curve = 0.0
        for n in masses.indices.reversed() {
            let loss = Double(window.firstIndex + n) * interval
            let weight = exp(window.logMoment - window.tilt * loss)
            // `curve` is δ at this grid point, where the point's own mass does not count.
            let excess = curve + errorSign * error * weight - delta
            if excess > 0 {
                guard estimate == .pessimistic else { return max(0, loss + offset) }
                // The grid point above met the limit.
                let crossing = crossing(from: loss, excess: excess, mass: mass, curve)
                return max(0, min(crossing, loss + interval) + offset)
            }
            if loss + offset <= 0 { return 0 }
            mass += (estimate == .pessimistic ? max(masses[n], 0) : masses[n]) * weight
            curve = decay * curve + (1 - decay) * mass
        }
        return max(0, Double(window.firstIndex) * interval + offset)
    }

    /// Where δ falls to its limit between `loss` and the next grid point: it is linear in e^ε there.
    private func crossing(
        from loss: Double,
        excess: Double,
        mass: Double,
        _ curve: Double
    ) -> Double {
        mass > curve ? loss + log1p(excess / (mass - curve)) : loss
    }

    /// Bound on the error of δ(ε), in units of exp(ΣK − λε).
    private func relativeError(interval: Double) -> Double {
        let points = Double(masses.count)
        let euclidean = min(points, 1 / -expm1(-2 * window.tilt * interval)).squareRoot()
        let absolute = min(points, 1 / -expm1(-window.tilt * interval))
        return spectralError * euclidean + pointError * absolute + 2 * TiltedWindow.outside
    }
}
