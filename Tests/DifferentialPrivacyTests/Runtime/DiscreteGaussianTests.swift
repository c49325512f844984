import Foundation
import Kernels
import Testing

@testable import DifferentialPrivacy

/// False-alarm limits are five to six standard errors; seeds are fixed.
@Suite struct DiscreteGaussianTests {
    private static func coin(_ label: String) -> ExactCoin {
        ExactCoin(KeyStreamGenerator(RuntimeFixtures.key(label).stream(for: .noise)))
    }

    @Test(arguments: [1, 2, 3, 5])
    func smallScalesHaveTheExactProbabilities(scale: Int) {
        let gaussian = DiscreteGaussian(scale: UInt64(scale))
        var coin = Self.coin("scale \(scale)")
        let count = 40_000
        var counts: [Int64: Int] = [:]
        for _ in 0..<count { counts[gaussian.sample(&coin), default: 0] += 1 }
        let weights = (-60...60).map { exp(-Double($0 * $0) / Double(2 * scale * scale)) }
        let total = weights.reduce(0, +)
        for (value, weight) in zip(Int64(-60)..., weights) {
            let expected = Double(count) * weight / total
            let limit = 6 * expected.squareRoot() + 6
            #expect(abs(Double(counts[value] ?? 0) - expected) < limit, "\(value)")
        }
    }

    private static let quotients: [(UInt128, UInt128)] = [
        (1, 3), (2, 3), (1, 1 << 100), ((1 << 100) - 1, 1 << 100),
    ]

    @Test(arguments: quotients)
    func coinsHaveTheirProbability(numerator: UInt128, denominator: UInt128) {
        var coin = Self.coin("coin")
        let count = 50_000
        let heads = (0..<count).count { _ in coin.isHeads(numerator, of: denominator) }
        let probability = Double(numerator) / Double(denominator)
        let limit = 5 * (Double(count) * probability * (1 - probability)).squareRoot() + 1e-9
        #expect(abs(Double(heads) - Double(count) * probability) <= limit)
    }

    private static let exponents: [(UInt128, UInt128)] = [(1, 10), (1, 1), (7, 2), (0, 5)]

    @Test(arguments: exponents)
    func survivalHasItsProbability(numerator: UInt128, denominator: UInt128) {
        var coin = Self.coin("survival")
        let count = 50_000
        let survivors = (0..<count).count { _ in coin.survives(numerator, of: denominator) }
        let probability = exp(-Double(numerator) / Double(denominator))
        let limit = 5 * (Double(count) * probability * (1 - probability)).squareRoot() + 1e-9
        #expect(abs(Double(survivors) - Double(count) * probability) <= limit)
    }

    @Test func theExactMechanismHasTheStatedNoiseForEveryThreadCount() {
        let mechanism = GaussianMechanism(
            noiseMultiplier: 2,
            expectedBatchSize: 10,
            relation: .addOrRemoveOne,
            kind: .discreteGaussian
        )
        func release(threads: Int) -> [Float] {
            let sum = ClippedGradientSum(
                zeroed: FloatBuffer([Float](repeating: 30, count: 60_001)),
                clippingFactors: ClippingFactors(maxGradNorm: 0.5)
            )
            let gradient = mechanism.privatize(
                sum,
                for: RuntimeFixtures.reservation(),
                parallel: ParallelFor(threadCount: threads)
            )
            return gradient.values.values(0..<gradient.count)
        }
        let released = release(threads: 1)
        #expect(release(threads: 2) == released && release(threads: 5) == released)
        let noise = released.map { Double($0) * 10 - 30 }
        let mean = noise.reduce(0, +) / Double(noise.count)
        let variance = noise.reduce(0) { $0 + $1 * $1 } / Double(noise.count)
        // Standard deviation 1: standard errors 1/√n = 0.4 % and √(2/n) = 0.58 %.
        #expect(abs(mean) < 0.021 && abs(variance - 1) < 0.029)
    }
}
