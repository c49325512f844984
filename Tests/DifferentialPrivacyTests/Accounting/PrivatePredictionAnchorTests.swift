import Testing

@testable import DifferentialPrivacy

/// Published settings of DP few-shot generation and what they cost.
///
/// Tang and others 2024, arXiv:2309.11765: each token is a Poisson-subsampled Gaussian of the noise multiplier that the paper calls σ.
@Suite struct PrivatePredictionAnchorTests {
    private struct Setting: Sendable {
        let name: String
        let sampled: Double
        let pool: Double
        let tokens: Int
        /// σ as in the paper's code, and ε of an FFT accountant, to two decimals.
        let rows: [(sigma: Double, epsilon: Double)]
    }

    private static let settings: [Setting] = [
        Setting(
            name: "AG News",
            sampled: 20,
            pool: 30_000,
            tokens: 100,
            rows: [(0.51, 0.97), (0.46, 1.79), (0.39, 3.82), (0.31, 7.97)]
        ),
        Setting(
            name: "DBpedia",
            sampled: 80,
            pool: 40_000,
            tokens: 100,
            rows: [(0.63, 0.90), (0.54, 1.92), (0.45, 3.90), (0.36, 7.59)]
        ),
        Setting(
            name: "MIT-G",
            sampled: 80,
            pool: 2953,
            tokens: 80,
            rows: [(1.08, 0.99), (0.81, 2.00), (0.64, 3.85), (0.5, 7.71)]
        ),
        Setting(
            name: "MIT-D",
            sampled: 80,
            pool: 1561,
            tokens: 80,
            rows: [(1.52, 1.00), (1.04, 1.98), (0.77, 3.89), (0.58, 7.94)]
        ),
    ]

    @Test(arguments: 0..<4) func reproducesPublishedNoise(number: Int) throws {
        let setting = Self.settings[number]
        let (q, delta) = (setting.sampled / setting.pool, 1 / setting.pool)
        for row in setting.rows {
            let event = PrivacyEvent.training(
                noiseMultiplier: row.sigma,
                samplingProbability: q,
                steps: setting.tokens
            )
            let epsilon = try PrivacyAccounting.guarantee(of: event, delta: delta).epsilon
            #expect(abs(epsilon - row.epsilon) < 0.01, "\(setting.name) \(row) \(epsilon)")
            let solved = try NoiseCalibration(epsilon: row.epsilon, delta: delta)
                .training(samplingProbability: q, steps: setting.tokens)
            let ratio = solved.noiseMultiplier / row.sigma
            #expect(abs(ratio - 1) < 0.005, "\(setting.name) \(solved)")
        }
    }

    /// σ = 0.69 holds ε = 4 for a class of 835 records; TREC's smallest class has 86.
    @Test func theSmallestClassPaysForTheSamplingOfTheOthers() throws {
        func epsilon(pool: Double) throws -> Double {
            let event = PrivacyEvent.training(
                noiseMultiplier: 0.69,
                samplingProbability: 80 / pool,
                steps: 15
            )
            return try PrivacyAccounting.guarantee(of: event, delta: 1 / pool).epsilon
        }
        #expect(abs(try epsilon(pool: 835) - 3.95) < 0.01)
        #expect(abs(try epsilon(pool: 86) - 25.6) < 0.05)
    }
}
