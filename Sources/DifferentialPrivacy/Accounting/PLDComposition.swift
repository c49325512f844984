internal import Foundation

/// The composed, tilted losses of one direction.
struct ComposedLoss {
    let window: TiltedWindow
    /// Tilted probabilities on the window's grid points, as computed: rounding may leave some below 0.
    var masses: [Double]
    /// Bound on the Euclidean norm of the errors that composing in the frequency domain made.
    var spectralError: Double
    /// Bound on the error of any single mass that the last transform made.
    var pointError: Double
}

/// Self-composition and composition of different losses by one pair of Fourier transforms.
///
/// Both directions are real sequences and travel as real and imaginary part of one complex
/// sequence: one forward transform per kind of step, one inverse transform in all. They are kept
/// apart throughout: the larger epsilon is taken at the end, never a mixture.
struct PLDComposition {
    let steps: [StepLosses]
    let remove: TiltedWindow
    let add: TiltedWindow

    init(_ steps: [StepLosses], delta: Double) throws(PrivacyError) {
        self.steps = steps
        remove = try TiltedWindow(steps.map { ($0.remove, $0.count) }, delta: delta)
        add = try TiltedWindow(steps.map { ($0.add, $0.count) }, delta: delta)
    }

    /// The circle's length: the smallest power of two that holds both windows.
    var size: Int {
        let needed = max(remove.pointCount, add.pointCount, 64)
        return 1 << (Int.bitWidth - (needed - 1).leadingZeroBitCount)
    }

    /// The composed losses of both directions.
    func composed() -> (remove: ComposedLoss, add: ComposedLoss) {
        let transform = FastFourierTransform(count: size)
        var removeSpectrum = PowerSpectrum(count: size / 2 + 1)
        var addSpectrum = PowerSpectrum(count: size / 2 + 1)
        // Both sequences have mass 1 and share the transform, so each suffers the error of mass 2.
        let error = 2 * transform.relativeError
        for step in steps {
            var real = [Double](repeating: 0, count: size)
            var imaginary = real
            step.remove.placeTilted(
                by: remove.tilt,
                logMoment: step.remove.logMoment(tilt: remove.tilt),
                on: &real
            )
            step.add.placeTilted(
                by: add.tilt,
                logMoment: step.add.logMoment(tilt: add.tilt),
                on: &imaginary
            )
            transform.forward(&real, &imaginary)
            for j in 0...(size / 2) {
                let mirror = (size - j) & (size - 1)
                removeSpectrum.multiply(
                    j,
                    real: 0.5 * (real[j] + real[mirror]),
                    imaginary: 0.5 * (imaginary[j] - imaginary[mirror]),
                    power: step.count,
                    error: error
                )
                addSpectrum.multiply(
                    j,
                    real: 0.5 * (imaginary[j] + imaginary[mirror]),
                    imaginary: 0.5 * (real[mirror] - real[j]),
                    power: step.count,
                    error: error
                )
            }
        }
        return inverted(removeSpectrum, addSpectrum, transform)
    }

    private func inverted(
        _ removeSpectrum: PowerSpectrum,
        _ addSpectrum: PowerSpectrum,
        _ transform: FastFourierTransform
    ) -> (remove: ComposedLoss, add: ComposedLoss) {
        var real = [Double](repeating: 0, count: size)
        var imaginary = real
        var sum = 0.0
        for j in 0...(size / 2) {
            let (a, b) = removeSpectrum.value(j)
            let (c, d) = addSpectrum.value(j)
            let mirror = (size - j) & (size - 1)
            real[j] = a - d
            imaginary[j] = b + c
            real[mirror] = a + d
            imaginary[mirror] = c - b
            if mirror == j { (real[j], imaginary[j]) = (a, c) }
            sum += 2 * (abs(a) + abs(b) + abs(c) + abs(d))
        }
        transform.inverse(&real, &imaginary)
        let pointError = transform.relativeError * sum / Double(size)
        return (
            composedLoss(remove, real, removeSpectrum, pointError),
            composedLoss(add, imaginary, addSpectrum, pointError)
        )
    }

    /// Turns the circle so that the window comes first.
    private func composedLoss(
        _ window: TiltedWindow,
        _ circle: [Double],
        _ spectrum: PowerSpectrum,
        _ pointError: Double
    ) -> ComposedLoss {
        var start = window.firstIndex % size
        if start < 0 { start += size }
        return ComposedLoss(
            window: window,
            masses: Array(circle[start...] + circle[..<start]),
            spectralError: (spectrum.squaredError / Double(size)).squareRoot(),
            pointError: pointError
        )
    }
}

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
