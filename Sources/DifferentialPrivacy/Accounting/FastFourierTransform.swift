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
