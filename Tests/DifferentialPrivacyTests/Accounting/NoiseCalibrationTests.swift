import Foundation
import TestData
import Testing

@testable import DifferentialPrivacy

@Suite struct NoiseCalibrationTests {
    static func check(_ result: NoiseCalibration.Result, _ target: Double, _ what: String) {
        let epsilon = result.guarantee.epsilon
        #expect(epsilon <= target && epsilon >= target * (1 - 1e-4), "\(what): \(epsilon)")
    }

    @Test func aThousandTargetsByRDPAreMetFromBelow() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<1000 {
            let target = exp(random.uniform(log(0.5), log(20)))
            let delta = pow(10, random.uniform(-8, -4))
            let q = exp(random.uniform(log(1e-4), 0))
            let steps = Int(exp(random.uniform(0, log(20000))))
            let calibration = try NoiseCalibration(
                epsilon: target,
                delta: delta,
                accountant: .rdp
            )
            let result = try calibration.training(samplingProbability: q, steps: steps)
            Self.check(result, target, "ε \(target) δ \(delta) q \(q) T \(steps)")
        }
    }

    @Test func thirtyTargetsByPLDAreMetFromBelow() throws {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<30 {
            let target = exp(random.uniform(log(0.3), log(10)))
            let delta = pow(10, random.uniform(-8, -4))
            let q = exp(random.uniform(log(1e-2), 0))
            let steps = Int(exp(random.uniform(log(10), log(5000))))
            let calibration = try NoiseCalibration(
                epsilon: target,
                delta: delta,
                accountant: .pld
            )
            let result = try calibration.training(samplingProbability: q, steps: steps)
            Self.check(result, target, "ε \(target) δ \(delta) q \(q) T \(steps)")
        }
    }

    /// Opacus's tests: σ for ε 8, δ 1e-5, q 0.04; three digits are given.
    @Test(arguments: [
        (2250, Accountant.rdp, 1.416), (2000, .rdp, 1.3562), (2250, .pld, 1.34765625),
        (2000, .pld, 1.2915),
    ])
    func reproducesOpacus(steps: Int, accountant: Accountant, expected: Double) throws {
        let calibration = try NoiseCalibration(epsilon: 8, delta: 1e-5, accountant: accountant)
        let result = try calibration.training(samplingProbability: 0.04, steps: steps)
        // Opacus stops at a tolerance of 0.01 in epsilon.
        #expect(abs(result.noiseMultiplier - expected) <= 3e-3)
    }

    /// Noise levels published for augmented Private Evolution, ten iterations, δ = 1/(N·ln N).
    @Test(arguments: [
        1_900_000.0: [15.34, 8.03, 4.24], 8396: [11.60, 6.22, 3.38], 75316: [13.26, 7.01, 3.75],
    ])
    func reproducesThePublishedNoiseOfPrivateEvolution(
        records: Double,
        published: [Double]
    ) throws {
        for (epsilon, expected) in zip([1.0, 2, 4], published) {
            let calibration = try NoiseCalibration(
                epsilon: epsilon,
                delta: 1 / (records * log(records))
            )
            let result = try calibration.gaussians(count: 10)
            #expect(result.guarantee.accountant == .gaussian)
            // Two decimals are published, and the number of Yelp records is rounded.
            #expect(abs(result.noiseMultiplier / expected - 1) <= 4e-3, "\(records) \(epsilon)")
        }
    }

    /// σ at δ 1e-6 for ε 1, 2, 4, 8, by SciPy from the closed form; four decimals.
    @Test(arguments: [
        1: [4.2247, 2.2305, 1.1935, 0.6529], 5: [9.4467, 4.9875, 2.6688, 1.4600],
        10: [13.3596, 7.0534, 3.7742, 2.0648], 20: [18.8933, 9.9750, 5.3376, 2.9200],
    ])
    func reproducesTheExactGaussianTable(count: Int, expected: [Double]) throws {
        for (epsilon, sigma) in zip([1.0, 2, 4, 8], expected) {
            let result = try NoiseCalibration(epsilon: epsilon, delta: 1e-6).gaussians(count: count)
            #expect(abs(result.noiseMultiplier / sigma - 1) <= 2e-4)
        }
    }

    @Test func leavesRoomForOtherReleases() throws {
        let histogram = PrivacyEvent.gaussian(noiseMultiplier: 10)
        for accountant in [Accountant.rdp, .pld, .best] {
            let calibration = try NoiseCalibration(
                epsilon: 2,
                delta: 1e-6,
                accountant: accountant
            )
            let alone = try calibration.training(samplingProbability: 0.02, steps: 500)
            let beside = try calibration.training(
                samplingProbability: 0.02,
                steps: 500,
                alongside: [histogram]
            )
            Self.check(beside, 2, accountant.rawValue)
            #expect(beside.noiseMultiplier > alone.noiseMultiplier)
        }
    }

    @Test func refusesTargetsThatOtherReleasesExceed() throws {
        let calibration = try NoiseCalibration(epsilon: 0.5, delta: 1e-6)
        let histogram = PrivacyEvent.gaussian(noiseMultiplier: 1)
        let error = #expect(throws: PrivacyError.self) {
            try calibration.training(
                samplingProbability: 0.02,
                steps: 500,
                alongside: [histogram]
            )
        }
        guard case .unreachableTarget? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func refusesImpossibleParameters() throws {
        for (epsilon, delta) in [
            (0, 1e-5), (-1, 1e-5), (.nan, 1e-5), (.infinity, 1e-5), (1, 0), (1, 1), (1, .nan),
        ] {
            #expect(throws: PrivacyError.self) {
                try NoiseCalibration(epsilon: epsilon, delta: delta)
            }
        }
        let calibration = try NoiseCalibration(epsilon: 1, delta: 1e-5)
        for (q, steps) in [(0.0, 10), (-1, 10), (1.5, 10), (.nan, 10), (0.1, 0), (0.1, -1)] {
            #expect(throws: PrivacyError.self) {
                try calibration.training(samplingProbability: q, steps: steps)
            }
        }
    }
}
