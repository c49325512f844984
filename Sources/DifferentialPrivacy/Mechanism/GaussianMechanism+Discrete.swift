import Foundation
import Kernels

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
