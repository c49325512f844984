import Foundation
import Kernels
import Testing

@testable import DifferentialPrivacy

@Suite struct GaussianMechanismTests {
    private static func mechanism(
        noiseMultiplier: Double = 1,
        expectedBatchSize: Int = 1
    ) -> GaussianMechanism {
        GaussianMechanism(
            noiseMultiplier: noiseMultiplier,
            expectedBatchSize: expectedBatchSize,
            relation: .addOrRemoveOne
        )
    }

    private static func release(
        _ sums: [Float],
        _ mechanism: GaussianMechanism = mechanism(),
        maxGradNorm: Double? = 1,
        step: String = "step 0",
        threads: Int = 2
    ) -> [Float] {
        let sum = ClippedGradientSum(
            zeroed: FloatBuffer(sums),
            clippingFactors: ClippingFactors(maxGradNorm: maxGradNorm)
        )
        let gradient = mechanism.privatize(
            sum,
            for: RuntimeFixtures.reservation(step),
            parallel: ParallelFor(threadCount: threads)
        )
        return gradient.values.values(0..<gradient.count)
    }

    /// Limits as in `NoiseStatistics`; the seed is fixed, so it either always passes or never does.
    @Test(arguments: [1, 2])
    func theNoiseOfTenMillionCoordinatesIsStandardNormal(threads: Int) {
        let mechanism = Self.mechanism(noiseMultiplier: 2, expectedBatchSize: 64)
        var sum = ClippedGradientSum(count: 2_500_000, maxGradNorm: 0.5)
        var values: [Double] = []
        values.reserveCapacity(10_000_000)
        for step in 0..<4 {
            let gradient = mechanism.privatize(
                sum,
                for: RuntimeFixtures.reservation("threads \(threads) step \(step)"),
                parallel: ParallelFor(threadCount: threads)
            )
            gradient.values.withSpan(0..<gradient.count) { span in
                for index in span.indices { values.append(Double(span[index]) * 64) }
            }
            sum = gradient.recycled()
        }
        let statistics = NoiseStatistics(values)
        #expect(statistics.looksNormal, "\(statistics)")
    }

    @Test func theStatisticsNoticeOnePercentLessNoise() {
        var normals = [Double](repeating: 0, count: 10_000_000)
        let stream = RuntimeFixtures.key("control").stream(for: .noise)
        GaussianNoise.fill(&normals, from: stream.bytes(fromBlock: 0, count: 5_000_000).bytes)
        #expect(NoiseStatistics(normals).looksNormal)
        #expect(!NoiseStatistics(normals.lazy.map { 0.99 * $0 }).looksNormal)
    }

    /// Among 500,000 radii from 24-bit uniforms, about n²/2²⁵ = 7,450 have occurred before; from
    /// 53-bit ones, rounded to 12 digits, fewer than ten.
    @Test func uniformsHaveMoreThan24Bits() {
        let count = 500_000
        var generator = KeyStreamGenerator(RuntimeFixtures.key("bits").stream(for: .noise))
        var normals = [Double](repeating: 0, count: 2 * count)
        let stream = RuntimeFixtures.key("bits").stream(for: .noise)
        GaussianNoise.fill(&normals, from: stream.bytes(fromBlock: 0, count: count).bytes)
        var fine: Set<Int> = []
        var coarse: Set<Int> = []
        for pair in 0..<count {
            fine.insert(Self.roundedRadius((normals[2 * pair], normals[2 * pair + 1])))
            let short = Self.boxMuller(generator.next(), generator.next(), bits: 24)
            coarse.insert(Self.roundedRadius(short))
        }
        #expect(fine.count > count - 100)
        #expect(coarse.count < count - 5000)
    }

    private static func roundedRadius(_ pair: (Double, Double)) -> Int {
        Int((pair.0 * pair.0 + pair.1 * pair.1) * 1e12)
    }

    /// The largest draw that b-bit uniforms allow is √(2·b·ln 2): 5.77 for 24 bits, 8.57 for 53.
    @Test func theTailReachesAsFarAs53BitsAllow() {
        var smallest = [UInt8](repeating: 0, count: 16)
        var normals = [0.0, 0.0]
        GaussianNoise.fill(&normals, from: Data(smallest).bytes)
        #expect(abs(normals[0] - 8.5716) < 1e-3)
        smallest[1] = 8  // Bit 11 of the first word: the lowest one that counts.
        GaussianNoise.fill(&normals, from: Data(smallest).bytes)
        #expect(abs(normals[0] - (2 * 52 * log(2)).squareRoot()) < 1e-9)
    }

    @Test func theFastTransformAgreesWithItsNaiveTwin() {
        var generator = KeyStreamGenerator(RuntimeFixtures.key("twin").stream(for: .noise))
        let stream = RuntimeFixtures.key("twin").stream(for: .noise)
        var fast = [Double](repeating: 0, count: 100_001)
        GaussianNoise.fill(&fast, from: stream.bytes(fromBlock: 0, count: 50_001).bytes)
        for index in stride(from: 0, to: 100_000, by: 2) {
            let pair = Self.boxMuller(generator.next(), generator.next(), bits: 53)
            // The vector transform is accurate to 1e-14 of the pair's radius, at most 8.6.
            #expect(abs(fast[index] - pair.0) < 1e-13 && abs(fast[index + 1] - pair.1) < 1e-13)
        }
    }

    @Test(arguments: [1, 2, 3, 8192, 8193, 20_001])
    func theReleaseIsTheSameBitsForEveryThreadCount(count: Int) {
        let sums = (0..<count).map { Float($0 % 97) / 100 }
        let reference = Self.release(sums, threads: 1)
        for threads in [2, 3, 8] { #expect(Self.release(sums, threads: threads) == reference) }
    }

    @Test func theNoiseOfACoordinateDoesNotDependOnHowManyThereAre() {
        let long = Self.release([Float](repeating: 0, count: 30_000))
        for count in [1, 7, 8192, 9001] {
            #expect(Self.release([Float](repeating: 0, count: count)) == Array(long[..<count]))
        }
    }

    @Test func stepsHaveUncorrelatedNoise() {
        let count = 1_000_000
        let zeros = [Float](repeating: 0, count: count)
        let first = Self.release(zeros, step: "step 1")
        let second = Self.release(zeros, step: "step 2")
        let correlation = zip(first, second).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        let shifted = zip(first.dropFirst(), first).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        // Standard deviation of the sum of products is √n; five of them: 6e-7 a test.
        #expect(abs(correlation) < 5 * Double(count).squareRoot())
        #expect(abs(shifted) < 5 * Double(count).squareRoot())
    }

    @Test func everyReleasedValueIsOnTheGrid() {
        let deviation = 3.0 * 0.7
        let grid = GaussianMechanism.gridStep(deviation: deviation)
        #expect(grid <= deviation * 0x1p-22 && grid > deviation * 0x1p-23)
        let sums = (0..<5000).map { sin(Float($0)) }
        // Float results below 2²⁴ grid steps are exact, that is up to ±4 deviations.
        for value in Self.release(sums, Self.mechanism(noiseMultiplier: 3), maxGradNorm: 0.7)
        where abs(Double(value)) < 4 * deviation {
            let steps = Double(value) / grid
            #expect(steps == steps.rounded())
        }
    }

    @Test func theSumIsNoisedOnceAndThenDividedByTheExpectedBatchSize() {
        let sums: [Float] = [1000, -2000, 0, 0.5]
        let noise = Self.release(
            [0, 0, 0, 0],
            Self.mechanism(noiseMultiplier: 2),
            maxGradNorm: 0.25
        )
        let released = Self.release(
            sums,
            Self.mechanism(noiseMultiplier: 2, expectedBatchSize: 10),
            maxGradNorm: 0.25
        )
        for index in sums.indices {
            // Two roundings to single precision of numbers up to 2000.
            #expect(abs(released[index] - (sums[index] + noise[index]) / 10) < 1e-4)
        }
    }

    @Test func withoutNoiseTheSumIsOnlyDivided() {
        let released = Self.release(
            [8, -4, 0],
            Self.mechanism(noiseMultiplier: 0, expectedBatchSize: 4),
            maxGradNorm: nil
        )
        #expect(released == [2, -1, 0])
    }

    @Test func aRecycledGradientIsAZeroSumWithTheSameBound() {
        var sum = ClippedGradientSum(count: 100, maxGradNorm: 0.5)
        sum.accumulate { $0.fill(0..<100, with: 3) }
        let gradient = Self.mechanism().privatize(
            sum,
            for: RuntimeFixtures.reservation(),
            parallel: ParallelFor(threadCount: 1)
        )
        var next = gradient.recycled()
        #expect(next.count == 100)
        #expect(next.sensitivity(for: .addOrRemoveOne) == 0.5)
        next.accumulate { buffer in #expect(buffer.values(0..<100).allSatisfy { $0 == 0 }) }
    }

    @Test func theSensitivityOfAnUnclippedSumIsInfinite() {
        let sum = ClippedGradientSum(count: 1, maxGradNorm: nil)
        #expect(sum.sensitivity(for: .addOrRemoveOne) == .infinity)
    }

    static func boxMuller(_ first: UInt64, _ second: UInt64, bits: UInt64) -> (Double, Double) {
        let scale = Double(sign: .plus, exponent: -Int(bits), significand: 1)
        let radius = (-2 * log((Double(first >> (64 - bits)) + 1) * scale)).squareRoot()
        let angle = 2 * Double.pi * Double(second >> (64 - bits)) * scale
        return (radius * cos(angle), radius * sin(angle))
    }
}
