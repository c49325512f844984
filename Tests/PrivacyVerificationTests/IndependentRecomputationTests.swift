import DifferentialPrivacy
import Foundation
import Testing

@testable import PrivacyVerification

@Suite struct IndependentRecomputationTests {
    /// Of the plans that other accountants agree on (`reference_epsilons.json` of the accountants).
    @Test(arguments: [
        (0.248774, 1.5158, 25, 1e-5), (0.042297, 1.5303, 118, 1e-5), (1, 7.473, 100, 1e-8),
        (0.1, 0.8, 60, 1e-6), (0.5, 3, 400, 1e-7),
    ])
    func confirmsBothAccountants(q: Double, sigma: Double, steps: Int, delta: Double) throws {
        let event = PrivacyEvent.training(
            noiseMultiplier: sigma,
            samplingProbability: q,
            steps: steps
        )
        for accountant in [Accountant.rdp, .pld] {
            let guarantee = try PrivacyAccounting.guarantee(
                of: event,
                delta: delta,
                accountant: accountant
            )
            let confirmation = try IndependentRecomputation.confirm(guarantee, of: event)
            #expect(confirmation.agrees, "\(guarantee) \(confirmation)")
        }
    }

    /// ε by one order is not ε by another.
    @Test func theStatedOrderIsTheOneThatGaveTheBound() throws {
        let event = PrivacyEvent.training(
            noiseMultiplier: 1.1,
            samplingProbability: 0.02,
            steps: 800
        )
        let honest = try PrivacyAccounting.guarantee(of: event, delta: 1e-6, accountant: .rdp)
        for order in [nil, 1, .infinity, .nan, (honest.order ?? 0) * 1.2] as [Double?] {
            let claim = PrivacyGuarantee(
                epsilon: honest.epsilon,
                delta: 1e-6,
                accountant: .rdp,
                order: order
            )
            #expect(try !IndependentRecomputation.confirm(claim, of: event).agrees)
        }
    }

    /// Nearly an atom: the inversion gives up, and the plain bracket takes over.
    @Test func confirmsAFewStepsOfTinyProbability() throws {
        let event = PrivacyEvent.training(
            noiseMultiplier: 0.5586,
            samplingProbability: 0.011751,
            steps: 12
        )
        let guarantee = try PrivacyAccounting.guarantee(of: event, delta: 1e-8)
        let confirmation = try IndependentRecomputation.confirm(guarantee, of: event)
        #expect(confirmation.agrees)
        #expect(confirmation.upperBound - confirmation.lowerBound < 1e-2)
    }

    /// Whoever sends a statement must not keep its reader busy for hours.
    @Test(arguments: [1e-300, 1e-8, 0.049]) func hardlyAnyNoiseIsRefused(sigma: Double) {
        let claim = PrivacyGuarantee(epsilon: 1e9, delta: 1e-5, accountant: .rdp)
        let event = PrivacyEvent.training(
            noiseMultiplier: sigma,
            samplingProbability: 0.01,
            steps: 10
        )
        #expect(throws: PrivacyError.self) {
            try IndependentRecomputation.confirm(claim, of: event)
        }
    }

    /// A guarantee that claims a little too little must be caught.
    @Test(arguments: [Accountant.rdp, .pld, .gaussian])
    func rejectsEpsilonsThatAreTooSmall(accountant: Accountant) throws {
        let event =
            accountant == .gaussian
            ? PrivacyEvent.gaussians(noiseMultiplier: 8, count: 10)
            : .training(noiseMultiplier: 1.1, samplingProbability: 0.02, steps: 800)
        let honest = try PrivacyAccounting.guarantee(
            of: event,
            delta: 1e-6,
            accountant: accountant
        )
        #expect(try IndependentRecomputation.confirm(honest, of: event).agrees)
        let false1 = PrivacyGuarantee(
            epsilon: honest.epsilon * 0.998,
            delta: 1e-6,
            accountant: accountant
        )
        #expect(try !IndependentRecomputation.confirm(false1, of: event).agrees)
        let false2 = PrivacyGuarantee(
            epsilon: honest.epsilon * 1.01 + 1e-3,
            delta: 1e-6,
            accountant: accountant
        )
        #expect(try !IndependentRecomputation.confirm(false2, of: event).agrees)
    }

    @Test func knowsTheExtremes() throws {
        func agrees(_ event: PrivacyEvent, _ epsilon: Double, delta: Double = 1e-5) throws -> Bool {
            try IndependentRecomputation.confirm(
                PrivacyGuarantee(epsilon: epsilon, delta: delta, accountant: .rdp),
                of: event
            ).agrees
        }
        #expect(try agrees(.nonPrivate, .infinity))
        #expect(try !agrees(.nonPrivate, 3))
        #expect(try agrees(.composed([]), 0))
        #expect(try agrees(.gaussian(noiseMultiplier: 0), .infinity))
        #expect(try agrees(.gaussian(noiseMultiplier: 1), .infinity, delta: 0))
        #expect(throws: PrivacyError.self) { try agrees(.gaussian(noiseMultiplier: .nan), 1) }
        #expect(throws: PrivacyError.self) {
            try agrees(.gaussian(noiseMultiplier: 1), 1, delta: -1)
        }
    }

    /// The largest event that is taken at all; nobody's ε of it is 1.
    @Test(arguments: [1, 0.01, 1e-6])
    func theLargestCountIsComputed(probability: Double) throws {
        let step = PrivacyEvent.poissonSampled(
            probability: probability,
            .gaussian(noiseMultiplier: 1)
        )
        let found = try IndependentRecomputation.confirm(
            PrivacyGuarantee(epsilon: 1, delta: 1e-6, accountant: .pld),
            of: .repeated(step, count: 1_000_000_000_000)
        )
        #expect(!found.agrees)
    }

    /// A statement from anywhere is refused, not computed until numbers overflow.
    @Test(arguments: [[Int.max], [Int.max, 3], [1 << 40, 1 << 40], [1_000_001, 1_000_000]])
    func impossibleCountsAreRefused(counts: [Int]) {
        let event = counts.reduce(PrivacyEvent.gaussian(noiseMultiplier: 1)) {
            .repeated($0, count: $1)
        }
        #expect(throws: PrivacyError.self) {
            try IndependentRecomputation.confirm(
                PrivacyGuarantee(epsilon: 1, delta: 1e-6, accountant: .pld),
                of: event
            )
        }
    }

    /// Where the curve's closed form is known, up to losses far beyond any that promise something.
    @Test(arguments: [(0.6957, 100), (0.3, 50), (1, 1), (4, 1000), (50, 3)])
    func findsTheExactGaussianCurve(sigma: Double, count: Int) throws {
        let event = PrivacyEvent.gaussians(noiseMultiplier: sigma, count: count)
        let releases = try NoisyRelease.all(in: event)
        for delta in [1e-5, 1e-9] {
            let exact = try PrivacyAccounting.guarantee(
                of: event,
                delta: delta,
                accountant: .gaussian
            )
            #expect(try IndependentRecomputation.confirm(exact, of: event).agrees, "\(exact)")
            let bracket = RoundedLossBracket(releases, delta: delta).epsilon(delta: delta)
            #expect(bracket.lowerBound <= exact.epsilon && exact.epsilon <= bracket.upperBound)
        }
    }
}
