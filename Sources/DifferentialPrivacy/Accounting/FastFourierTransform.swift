internal import Foundation

/// Discrete Fourier transform of a fixed power-of-two length, in double precision.
///
/// Radix-2, in place, over separate real and imaginary parts. Every output carries an error of at
/// most `relativeError` times the sum of the absolute inputs: each input passes log₂ n butterflies,
/// and each of these costs a complex product with a rounded root of unity and one addition
/// (Higham, Accuracy and Stability of Numerical Algorithms, Ch. 24).
struct FastFourierTransform {
    /// The number of complex values, a power of two.
    let count: Int
    private let cosines: [Double]
    private let sines: [Double]

    init(count: Int) {
        precondition(count > 0 && count & (count - 1) == 0, "\(count) is not a power of two")
        self.count = count
        let step = 2 * Double.pi / Double(count)
        cosines = (0..<count / 2).map { cos(step * Double($0)) }
        sines = (0..<count / 2).map { sin(step * Double($0)) }
    }

    /// Bound on the error of any output, relative to the inputs' absolute sum.
    var relativeError: Double { 5 * Double(count.trailingZeroBitCount) * 0x1p-53 }

    /// Replaces x by Σ_k x_k e^(−2πi·jk/n).
    func forward(_ real: inout [Double], _ imaginary: inout [Double]) {
        precondition(
            real.count == count && imaginary.count == count,
            "lengths differ from \(count)"
        )
        reverseBits(&real, &imaginary)
        var half = 1
        while half < count {
            butterflies(half: half, &real, &imaginary)
            half *= 2
        }
    }

    /// Replaces X by (1/n)·Σ_j X_j e^(2πi·jk/n): the forward transform with both parts swapped.
    func inverse(_ real: inout [Double], _ imaginary: inout [Double]) {
        forward(&imaginary, &real)
        let scale = 1 / Double(count)
        for k in 0..<count {
            real[k] *= scale
            imaginary[k] *= scale
        }
    }

    private func butterflies(half: Int, _ real: inout [Double], _ imaginary: inout [Double]) {
        let stride = count / (2 * half)
        var re = real.mutableSpan
        var im = imaginary.mutableSpan
        var block = 0
        while block < count {
            var root = 0
            for low in block..<(block + half) {
                let high = low + half
                let c = cosines[root]
                let s = sines[root]
                let a = re[high] * c + im[high] * s
                let b = im[high] * c - re[high] * s
                re[high] = re[low] - a
                im[high] = im[low] - b
                re[low] += a
                im[low] += b
                root += stride
            }
            block += 2 * half
        }
    }

    private func reverseBits(_ real: inout [Double], _ imaginary: inout [Double]) {
        var reversed = 0
        for k in 1..<max(count, 1) {
            var bit = count >> 1
            while reversed & bit != 0 {
                reversed ^= bit
                bit >>= 1
            }
            reversed |= bit
            if k < reversed {
                real.swapAt(k, reversed)
                imaginary.swapAt(k, reversed)
            }
        }
    }
}

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
