internal import Foundation

/// A product of powers of Fourier coefficients, with a bound on its error.
///
/// For coefficients z_j known within e, |Π(z_j + e_j)^T_j − Πz_j^T_j| is at most
/// Π(|z_j| + e)^T_j · ΣT_j·e/(|z_j| + e); the rounding of logarithm, product and exponential comes on top.
struct PowerSpectrum {
    private var logMagnitude: [Double]
    private var phase: [Double]
    private var logBound: [Double]
    private var rate: [Double]

    init(count: Int) {
        logMagnitude = Array(repeating: 0, count: count)
        phase = logMagnitude
        logBound = logMagnitude
        rate = logMagnitude
    }

    /// Below this logarithm a coefficient of the product no longer matters to anything.
    private static let negligible = -80.0

    /// Multiplies coefficient `j` by (real + i·imaginary)^power, each part known within `error`.
    mutating func multiply(_ j: Int, real: Double, imaginary: Double, power: Int, error: Double) {
        guard logBound[j] > Self.negligible else { return }
        let count = Double(power)
        let square = real * real + imaginary * imaginary
        let magnitude = square.squareRoot()
        logBound[j] += count * log(magnitude + error)
        guard logBound[j] > Self.negligible, square > 0 else {
            logMagnitude[j] = -.infinity
            return
        }
        // Near 1, where all the mass is, ln|z| from |z|² − 1 keeps its digits.
        let logStep =
            abs(square - 1) < 0.5
            ? 0.5 * log1p((real - 1) * (real + 1) + imaginary * imaginary) : log(magnitude)
        let angle = atan2(imaginary, real)
        logMagnitude[j] += count * logStep
        phase[j] += count * angle
        rate[j] += count * (error / (magnitude + error) + 0x1p-50 * (abs(logStep) + abs(angle)))
    }

    /// The product's coefficient `j`.
    func value(_ j: Int) -> (real: Double, imaginary: Double) {
        guard logMagnitude[j] > Self.negligible else { return (0, 0) }
        let magnitude = exp(logMagnitude[j])
        return (magnitude * cos(phase[j]), magnitude * sin(phase[j]))
    }

    /// Bound on the sum of squared errors over all coefficients, mirrored ones included.
    var squaredError: Double {
        var sum = 0.0
        for j in rate.indices {
            let bound = exp(max(logBound[j], Self.negligible)) * min(rate[j] + 0x1p-48, 2)
            sum += 2 * bound * bound
        }
        return sum
    }
}
