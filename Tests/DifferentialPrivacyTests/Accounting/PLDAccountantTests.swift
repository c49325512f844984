import Foundation
import Testing

@testable import DifferentialPrivacy
@testable import PrivacyVerification

@Suite struct PLDAccountantTests {
    /// 60 cases of other accountants.
    ///
    /// Their pessimistic grid of 1e-4 is where the tolerances come from.
    @Test func everyReferenceCaseIsBracketed() throws {
        let table = try Fixture.load("reference_epsilons", as: ReferenceEpsilons.self)
        #expect(table.rows.count == 60)
        for row in table.rows {
            let pld = try PLDAccountant().guarantee(of: row.event, delta: row.delta).epsilon
            let rdp = try RDPAccountant().guarantee(of: row.event, delta: row.delta).epsilon
            #expect(pld >= row.optimisticPLD.map { $0 - 1e-6 } ?? row.pld * 0.999 - 1e-3, "\(row)")
            #expect(pld <= row.pld * 1.001 + 1e-3, "\(row)")
            #expect(rdp >= pld && rdp >= row.pld, "\(row)")
            #expect(rdp <= row.rdp * (1 + 1e-6), "\(row)")
        }
    }

    /// Upper values of PRV accountants (error 0.01), from the tests of Opacus 1.5 and of Microsoft's
    /// prv_accountant.
    @Test(arguments: [
        (0.04, 1.5, 2250, 1e-5, 6.777395712150674), (0.001, 0.8, 100, 1e-6, 0.270403364058),
        (0.001, 1.5, 1000, 1e-6, 0.0998206602308), (0.05, 0.8, 100, 1e-6, 6.74105193941),
        (0.05, 1.5, 100, 1e-6, 1.95385313568), (0.05, 2, 1000, 1e-6, 4.17279986669),
        (0.05, 1.5, 20000, 1e-6, 38.3066179141), (0.2, 3, 100, 1e-6, 3.38122051022),
        (0.2, 0.8, 100, 1e-6, 24.3336641779), (0.001, 0.8, 50000, 1e-6, 2.03451480772),
        (0.001, 3, 20000, 1e-6, 0.194031030686), (0.05, 3, 50000, 1e-6, 24.9420056431),
    ])
    func liesWithinThePRVAccountantsError(
        q: Double,
        sigma: Double,
        steps: Int,
        delta: Double,
        upper: Double
    ) throws {
        let event = PrivacyEvent.training(
            noiseMultiplier: sigma,
            samplingProbability: q,
            steps: steps
        )
        let epsilon = try PLDAccountant().guarantee(of: event, delta: delta).epsilon
        #expect(epsilon >= upper - 0.011 && epsilon <= upper + 1e-3, "\(epsilon)")
    }

    /// Losses whose exponential is no number any more.
    ///
    /// Single steps, by mpmath 1.3 with 60 digits from
    /// δ(ε) = M(x > x₀) − e^ε·N₀(x > x₀) with ℓ(x₀) = ε.
    @Test(arguments: [
        (0.05, 0.03, 669.612463594115), (0.05, 0.02, 1423.04238277426),
        (0.05, 0.01, 5350.02997152279), (1e-4, 0.03, 588.082616065772),
        (1e-4, 0.02, 1303.87996318054), (1e-4, 0.01, 5117.95120194324),
    ])
    func staysAnUpperBoundWithHardlyAnyNoise(q: Double, sigma: Double, exact: Double) throws {
        let event = PrivacyEvent.training(noiseMultiplier: sigma, samplingProbability: q, steps: 1)
        let epsilon = try PLDAccountant().guarantee(of: event, delta: 1e-5).epsilon
        #expect(epsilon >= exact && epsilon <= exact + 0.005, "\(epsilon)")
    }

    @Test(arguments: [0.009, 1e-3, 1e-8]) func lessNoiseIsLeftToOtherAccountants(
        sigma: Double
    ) throws {
        let event = PrivacyEvent.training(
            noiseMultiplier: sigma,
            samplingProbability: 0.05,
            steps: 160
        )
        #expect(throws: PrivacyError.self) {
            try PrivacyAccounting.guarantee(of: event, delta: 1e-5, accountant: .pld)
        }
        let guarantee = try PrivacyAccounting.guarantee(of: event, delta: 1e-5)
        #expect(guarantee.accountant == .rdp && guarantee.epsilon > 70 / (sigma * sigma))
    }

    /// Rows of dp_accounting's own tests: the noise multipliers were solved for epsilon 1.
    @Test(arguments: [
        (0.2, 0.5, 3, 0.15594), (0.01, 0.67379294682, 1, 1e-5),
        (0.001, 3.20956502598 / 6, 25, 1e-5),
        (1, 3.0.squareRoot(), 3, 0.126936),
    ])
    func reproducesNoiseSolvedForEpsilonOne(
        q: Double,
        sigma: Double,
        steps: Int,
        delta: Double
    ) throws {
        let event = PrivacyEvent.training(
            noiseMultiplier: sigma,
            samplingProbability: q,
            steps: steps
        )
        let epsilon = try PLDAccountant().guarantee(of: event, delta: delta).epsilon
        // dp_accounting solved with a grid of 1e-4 and prints five digits of delta.
        #expect(abs(epsilon - 1) <= 1e-3)
    }

    /// Values of another PLD accountant at interval 1e-4, and of RDP with signed series.
    @Test(arguments: [
        (0.01, 1, 1000, 1e-5, 2.101365, 7.8, 1.828244),
        (0.01, 0.7, 2000, 1e-6, 8.038678, 3.4, 7.161077),
        (0.02, 1, 1000, 1e-6, 4.872721, 5.3, 4.445227),
        (0.05, 1, 500, 1e-6, 9.253966, 3.5, 8.489058),
        (0.001, 0.6, 10000, 1e-6, 3.999131, 4.4, 3.152227),
        (0.005, 0.5, 1000, 1e-6, 11.064156, 2.5, 9.467424),
        (0.1, 2, 300, 1e-6, 5.082051, 5.6, 4.712768),
        (1, 10, 100, 1e-6, 5.221540, 5.9, 4.886555), (1, 1, 1, 1e-5, 4.728507, 5.4, 4.377178),
        (0.01, 4, 10000, 1e-5, 1.035490, 17, 0.946999),
        (0.024345, 0.8, 410, 1e-6, 6.828074, 3.7, 6.050224),
    ])
    func agreesWithOtherAccountantsOnAGrid(
        q: Double,
        sigma: Double,
        steps: Int,
        delta: Double,
        rdp: Double,
        order: Double,
        pld: Double
    ) throws {
        let event = PrivacyEvent.training(
            noiseMultiplier: sigma,
            samplingProbability: q,
            steps: steps
        )
        let ours = try RDPAccountant().guarantee(of: event, delta: delta)
        // Seven digits are printed.
        #expect(abs(ours.epsilon - rdp) <= 1e-6 && ours.order == order)
        let epsilon = try PLDAccountant().guarantee(of: event, delta: delta).epsilon
        #expect(abs(epsilon - pld) <= 1e-3)
    }

    @Test func composesAMillionSteps() throws {
        let event = PrivacyEvent.training(
            noiseMultiplier: 1.1,
            samplingProbability: 0.001,
            steps: 1_000_000
        )
        let guarantee = try PrivacyAccounting.guarantee(of: event, delta: 1e-6)
        #expect(guarantee.accountant == .pld)
        let confirmed = try IndependentRecomputation.confirm(guarantee, of: event)
        #expect(confirmed.agrees && confirmed.upperBound - confirmed.lowerBound < 1e-6)
    }

    @Test func refusesDeltasBelowItsRange() {
        #expect(throws: PrivacyError.self) {
            try PLDAccountant().guarantee(of: .gaussian(noiseMultiplier: 1), delta: 1e-13)
        }
    }

    /// Merged Gaussians have an exact curve, which discretisation must bound closely from above.
    @Test(arguments: [0.05, 0.5, 2, 8], [1e-3, 1e-6, 1e-12])
    func boundsTheExactGaussianFromAbove(meanShift: Double, delta: Double) throws {
        let event = PrivacyEvent.gaussian(noiseMultiplier: 1 / meanShift)
        let exact = try GaussianAccountant().guarantee(of: event, delta: delta).epsilon
        let bracket = try PLDAccountant().bracket(of: EventComposition(event), delta: delta)
        #expect(bracket.upper >= exact * (1 - 1e-11))
        #expect(bracket.upper <= exact * (1 + 4e-4) + 1e-9)
        #expect(bracket.lower <= exact)
    }

    /// Training, a label histogram and votes, against the independent inversion.
    @Test func composesDifferentReleases() throws {
        let event = PrivacyEvent.composed([
            .training(noiseMultiplier: 1.1, samplingProbability: 0.02, steps: 500),
            .training(noiseMultiplier: 0.9, samplingProbability: 0.01, steps: 300),
            .gaussian(noiseMultiplier: 12), .gaussians(noiseMultiplier: 20, count: 10),
        ])
        let delta = 1e-6
        let exact = try #require(
            PrivacyCurveInversion.epsilon(of: NoisyRelease.all(in: event), delta: delta)
        )
        let bracket = try PLDAccountant().bracket(of: EventComposition(event), delta: delta)
        let rdp = try PrivacyAccounting.guarantee(of: event, delta: delta, accountant: .rdp)
        #expect(bracket.lower <= exact && exact <= bracket.upper * (1 + 1e-9))
        #expect(bracket.upper <= exact * (1 + 4e-4))
        #expect(rdp.epsilon > bracket.upper)
        let best = try PrivacyAccounting.guarantee(of: event, delta: delta)
        #expect(best.epsilon == bracket.upper && best.accountant == .pld)
    }
}
