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
