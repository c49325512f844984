internal import Foundation

/// The moment generating function on the line Re z = λ, tabulated until it no longer matters.
struct IntegrationLine {
    private let tilt: Double
    private let step: Double
    private let values: [(real: Double, imaginary: Double)]

    /// Nil if the function does not fall off below `highestFrequency`, or takes too many nodes to.
    init?(
        tilt: Double,
        highestFrequency: Double,
        mostNodes: Int,
        cumulant: (Double) -> (real: Double, imaginary: Double)
    ) {
        self.tilt = tilt
        let peak = cumulant(0).real
        // Curvature at the saddle: the variance of the tilted loss.
        let probe = 1e-3 * tilt
        let curvature = max(2 * (peak - cumulant(probe).real) / (probe * probe), 1e-12)
        // The trapezoid rule repeats the tilted curve with this period; it must have died down.
        let period = 30 * curvature.squareRoot() + 70 / tilt
        step = 2 * Double.pi / period
        var values: [(real: Double, imaginary: Double)] = []
        var hasFallen = false
        while !hasFallen {
            let y = Double(values.count) * step
            guard values.count < mostNodes, y < highestFrequency else { return nil }
            let value = cumulant(y)
            guard value.real.isFinite, value.imaginary.isFinite else { return nil }
            values.append(value)
            // Relative to the start; what follows falls at least as fast.
            hasFallen = value.real - peak - log1p(y * y / (tilt * tilt)) < -22
        }
        self.values = values
    }

    /// δ(ε).
    func delta(epsilon: Double) -> Double {
        var sum = 0.0
        for (index, value) in values.enumerated() {
            let y = Double(index) * step
            let size = exp(value.real - tilt * epsilon)
            let phase = value.imaginary - y * epsilon
            // 1/(z(z + 1)) with z(z + 1) = a + ib.
            let a = tilt * tilt - y * y + tilt
            let b = y * (2 * tilt + 1)
            let term = size * (cos(phase) * a + sin(phase) * b) / (a * a + b * b)
            sum += index == 0 ? 0.5 * term : term
        }
        return sum * step / Double.pi
    }
}
