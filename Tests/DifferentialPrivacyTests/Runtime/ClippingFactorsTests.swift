import Foundation
import Kernels
import Testing

@testable import DifferentialPrivacy

@Suite struct ClippingFactorsTests {
    private static let factors = ClippingFactors(maxGradNorm: 2)
    private static let bound = 2 * (1 - 0x1p-10)

    private static let table: [(Double, Float)] = [
        (0, 1), (-0.0, 1), (Double.leastNonzeroMagnitude, 1), (1e-300, 1), (bound * bound, 1),
        (4, 0.9990234375), (16, Float(bound / 4)), (1e60, Float(bound / 1e30)), (1e80, 0),
        (Double.greatestFiniteMagnitude, 0), (Double.infinity, 0), (-Double.infinity, 0),
        (Double.nan, 0), (-1, 0),
    ]

    @Test(arguments: table)
    func theTableHolds(squaredNorm: Double, factor: Float) {
        #expect(Self.factors.factor(squaredNorm: squaredNorm) == factor)
    }

    /// Sums of large batches round more; see `largeBatches()`.
    @Test(arguments: [(1, 0x1p-10), (4_096, 0x1p-10), (8_192, 0x1p-9), (1 << 30, 0.5)])
    func theMarginGrowsWithLargeBatches(batch: Int, margin: Double) {
        let factors = ClippingFactors(maxGradNorm: 2, expectedBatchSize: batch)
        #expect(factors.margin == margin)
        #expect(factors.factor(squaredNorm: 16) == Float(2 * (1 - margin) / 4))
    }

    @Test func withoutABoundOnlyNonFiniteGradientsAreLeftOut() {
        let factors = ClippingFactors(maxGradNorm: nil)
        #expect(factors.factors(squaredNorms: [0, 1e30, .infinity, .nan]) == [1, 1, 0, 0])
    }

    /// Gradients from 1e-30 to 1e30, scaled in single precision, measured in double precision.
    @Test func aClippedGradientStaysWithinTheDeclaredBound() {
        var generator = KeyStreamGenerator(RuntimeFixtures.key("clip").stream(for: .noise))
        var tooLong = 0
        var tooShort = 0
        for round in 0..<20_000 {
            let scale = pow(10, Double.random(in: -30...30, using: &generator))
            let count = 1 + round % 50
            let gradient = (0..<count).map { _ in
                Float(scale * Double.random(in: -1...1, using: &generator))
            }
            let squared = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }
            let factor = Self.factors.factor(squaredNorm: squared)
            let clipped = gradient.reduce(0.0) { $0 + pow(Double($1 * factor), 2) }.squareRoot()
            if !(clipped <= 2) { tooLong += 1 }
            // Clipping shortens no more than it must.
            if !(clipped >= min(squared.squareRoot(), Self.bound) * (1 - 1e-6)) { tooShort += 1 }
        }
        #expect(tooLong == 0)
        #expect(tooShort == 0)
    }
}
