import Foundation
import Testing

@testable import DifferentialPrivacy

@Suite struct GaussianAccountantTests {
    /// ln δ by mpmath with 50 digits, from `make_gaussian_fixture.py`.
    @Test func agreesWithFiftyDigits() throws {
        struct Table: Decodable { let rows: [[Double]] }
        for row in try Fixture.load("gaussian_curve", as: Table.self).rows {
            let ours = GaussianAccountant.logDelta(epsilon: row[1], meanShift: row[0])
            // δ within 1e-9 relative is ln δ within 1e-9, plus the rounding of a large exponent.
            #expect(abs(ours - row[2]) <= 1e-9 + 1e-15 * abs(row[2]), "\(row) \(ours)")
        }
    }

    /// Private Evolution's example: T = 20, σ = 5√2, δ = 1e-5 gives 2.594, after 1 and 2 iterations less.
    @Test(arguments: [(20, 2.594), (1, 0.497), (2, 0.726)])
    func reproducesPrivateEvolutionsExample(count: Int, expected: Double) throws {
        let event = PrivacyEvent.gaussians(noiseMultiplier: 5 * 2.0.squareRoot(), count: count)
        let epsilon = try GaussianAccountant().guarantee(of: event, delta: 1e-5).epsilon
        #expect(abs(epsilon - expected) <= 5.1e-4)
    }

    @Test(arguments: [1e-4, 1e-2, 0.3, 1, 10, 100], [0.5, 1e-2, 1e-5, 1e-12, 1e-100])
    func returnsTheSmallestEpsilonThatIsNotBelowTheTruth(meanShift: Double, delta: Double) throws {
        let epsilon = try GaussianAccountant.epsilon(meanShift: meanShift, delta: delta)
        #expect(GaussianAccountant.logDelta(epsilon: epsilon, meanShift: meanShift) <= log(delta))
        if epsilon > 0 {
            let below = epsilon * (1 - 1e-9)
            #expect(GaussianAccountant.logDelta(epsilon: below, meanShift: meanShift) > log(delta))
        }
    }
}
