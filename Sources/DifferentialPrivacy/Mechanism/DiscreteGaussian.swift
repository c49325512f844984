import Foundation
import Kernels

/// The discrete Gaussian: integers x with probability proportional to exp(−x² / 2S²).
///
/// Sampled exactly by rejection from a discrete Laplace distribution (Canonne, Kamath, Steinke
/// 2020, arXiv:2004.00010, Algorithms 2 and 3). Its divergences are at most the Gaussian's of the
/// same S for integer shifts (ibid., Theorem 4). How long a draw takes depends on the draw.
struct DiscreteGaussian {
    /// S, the standard deviation (to within e^−S²); up to 2²⁸, so that all products fit 128 bits.
    let scale: UInt64

    init(scale: UInt64) {
        precondition(scale >= 1 && scale <= 1 << 28, "scale is \(scale); it must be in 1...2^28")
        self.scale = scale
    }

    /// One draw.
    func sample(_ coin: inout ExactCoin) -> Int64 {
        let square = UInt128(scale) * UInt128(scale)
        let laplaceScale = scale + 1
        let denominator = 2 * square * UInt128(laplaceScale) * UInt128(laplaceScale)
        while true {
            let magnitude = laplaceMagnitude(laplaceScale, &coin)
            let isNegative = coin.isHeads()
            if isNegative && magnitude == 0 { continue }
            let product = UInt128(magnitude) * UInt128(laplaceScale)
            let distance = product > square ? product - square : square - product
            // |Y| so large that the product would overflow is accepted with probability below e^-900.
            guard distance < 1 << 63 else { continue }
            if coin.survives(distance * distance, of: denominator) {
                return isNegative ? -Int64(magnitude) : Int64(magnitude)
            }
        }
    }

    /// |Y| of a discrete Laplace variable: P(Y = y) ∝ e^(−|y|/t).
    private func laplaceMagnitude(_ scale: UInt64, _ coin: inout ExactCoin) -> UInt64 {
        while true {
            let remainder = coin.integer(below: scale)
            guard coin.survivesFraction(UInt128(remainder), of: UInt128(scale)) else { continue }
            var turns: UInt64 = 0
            while coin.survivesFraction(1, of: 1) { turns += 1 }
            return remainder + scale * turns
        }
    }
}

extension GaussianMechanism {
    /// S: the noise's standard deviation in steps of the grid.
    static let discreteScale: UInt64 = 1 << 28

    /// The largest σ that exact noise serves over so many coordinates: 2¹⁷/√d.
    ///
    /// Beyond it the grid, which grows with σ, is so coarse that rounding to it could use up more
    /// than half of the margin that clipping keeps.
    package static func largestDiscreteNoiseMultiplier(coordinates: Int) -> Double {
        Double(discreteScale) * ClippingFactors.leastMargin / 2
            / Double(max(coordinates, 1)).squareRoot()
    }

    /// Rounds the sum to the grid, adds discrete Gaussian noise exactly, and divides.
    ///
    ///     released = (round(sum / g) + N_ℤ(0, S²)) · g / B,   g = σ·C / S
    ///
    /// Rounding moves two neighbouring sums apart by at most √d steps. That uses half of the margin
    /// that clipping keeps below C (the other half is for sums in single precision), so the integer
    /// sums differ by at most C / g and the noise multiplier is σ. A piece of coordinates draws from
    /// a lane of its own, as rejection takes a varying number of draws.
    ///
    /// The accountants' bounds are for the continuous Gaussian. Without subsampling they hold for
    /// the discrete one (Canonne, Kamath, Steinke 2020, Theorem 4). With subsampling that they hold
    /// at S = 2²⁸ is plausible, as the grid is that fine, but not a published theorem.
    func addDiscreteNoise(
        _ deviation: Double,
        key: StepKey,
        to buffer: FloatBuffer,
        parallel: ParallelFor
    ) {
        precondition(
            noiseMultiplier <= Self.largestDiscreteNoiseMultiplier(coordinates: buffer.count),
            "a noise multiplier of \(noiseMultiplier) over \(buffer.count) coordinates needs a finer grid"
        )
        let grid = deviation / Double(Self.discreteScale)
        let unit = grid / Double(expectedBatchSize)
        let gaussian = DiscreteGaussian(scale: Self.discreteScale)
        forEachPiece(of: buffer, parallel) { range in
            let lane = UInt64(range.lowerBound / Self.pieceLength) + 1
            var coin = ExactCoin(KeyStreamGenerator(key.stream(for: .noise, lane: lane)))
            buffer.withMutableSpan(range) { span in
                for index in span.indices {
                    let steps = Self.steps(Double(span[index]) / grid)
                    span[index] = Float(Double(steps + gaussian.sample(&coin)) * unit)
                }
            }
        }
    }

    /// The nearest integer; far beyond any sum of clipped gradients it stops growing.
    private static func steps(_ value: Double) -> Int64 {
        let limit = 0x1p61
        return Int64(min(max(value.rounded(), -limit), limit))
    }
}
