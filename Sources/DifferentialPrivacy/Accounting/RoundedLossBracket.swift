internal import Foundation

/// Bounds of epsilon by the plainest discretisation: every loss rounded up, or down, to a fine grid.
///
/// The width of the bracket is the number of steps times the grid's interval, so this serves only
/// where there are few steps; there the inversion of the transform is at its weakest.
struct RoundedLossBracket {
    private let releases: [NoisyRelease]
    private let size = 1 << 19
    private let interval: Double

    init(_ releases: [NoisyRelease], delta: Double) {
        let steps = releases.reduce(0) { $0 + $1.count }
        self.releases = releases
        // Largest loss that happens with a probability that delta would notice.
        let reach = (-2 * log(1e-5 * delta / Double(steps))).squareRoot()
        let largest = releases.reduce(1e-3) {
            let range = abs($1.loss(at: reach + 1 / $1.noiseMultiplier)) + abs($1.loss(at: -reach))
            return $0 + range * (1 + min(Double($1.count), 3))
        }
        interval = 2 * largest / Double(size)
    }

    /// Epsilon with all losses rounded down, and up; the larger of both directions each.
    func epsilon(delta: Double) -> ClosedRange<Double> {
        var bounds = [0.0, 0.0]
        for (place, rounding) in [FloatingPointRoundingRule.down, .up].enumerated() {
            for sign in [1.0, -1.0] {
                let masses = composed(sign: sign, rounding)
                bounds[place] = max(bounds[place], epsilon(of: masses, delta: delta))
            }
        }
        return bounds[0]...max(bounds[0], bounds[1])
    }

    /// The summed losses' distribution on a circle: "remove" for sign 1, "add" for −1.
    private func composed(sign: Double, _ rounding: FloatingPointRoundingRule) -> [Double] {
        let transform = FastFourierTransform(count: size)
        var real = [Double](repeating: 0, count: size)
        var imaginary = real
        real[0] = 1
        transform.forward(&real, &imaginary)
        for release in releases {
            var a = [Double](repeating: 0, count: size)
            var b = a
            place(release, sign: sign, rounding, on: &a)
            transform.forward(&a, &b)
            for j in 0..<size {
                let size = exp(0.5 * Double(release.count) * log(a[j] * a[j] + b[j] * b[j]))
                let angle = Double(release.count) * atan2(b[j], a[j])
                let c = size * cos(angle)
                let d = size * sin(angle)
                (real[j], imaginary[j]) = (
                    real[j] * c - imaginary[j] * d, real[j] * d + imaginary[j] * c
                )
            }
        }
        transform.inverse(&real, &imaginary)
        return real
    }

    private func place(
        _ release: NoisyRelease,
        sign: Double,
        _ rounding: FloatingPointRoundingRule,
        on circle: inout [Double]
    ) {
        let q = release.samplingProbability
        let shift = 1 / release.noiseMultiplier
        let cells = 400_000
        let low = -14.0
        let width = (28 + shift) / Double(cells)
        for cell in 0..<cells {
            let t = low + Double(cell) * width
            let losses = [release.loss(at: t), release.loss(at: t + width)].map { sign * $0 }
            let loss =
                rounding == .up ? max(losses[0], losses[1]) : min(losses[0], losses[1])
            let null = probability(t, t + width)
            let mass =
                sign > 0 ? (1 - q) * null + q * probability(t - shift, t + width - shift) : null
            let index = Int((loss / interval).rounded(rounding))
            circle[((index % size) + size) % size] += mass
        }
    }

    private func probability(_ low: Double, _ high: Double) -> Double {
        let root = 2.0.squareRoot()
        return low > 0
            ? 0.5 * (erfc(low / root) - erfc(high / root))
            : 0.5 * (erfc(-high / root) - erfc(-low / root))
    }

    /// The upper half of the circle holds the negative sums.
    private func epsilon(of masses: [Double], delta: Double) -> Double {
        var index = size / 2 - 1
        var mass = 0.0
        var curve = 0.0
        while index > 0 {
            mass += masses[index]
            curve = exp(-interval) * curve - expm1(-interval) * mass
            index -= 1
            if curve > delta { return Double(index) * interval }
        }
        return 0
    }
}
