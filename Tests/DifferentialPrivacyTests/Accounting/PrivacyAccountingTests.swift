import Foundation
import Messages
import TestData
import Testing

@testable import DifferentialPrivacy

@Suite struct PrivacyAccountingTests {
    /// What every accountant must answer at the edges.
    enum Answer: Equatable {
        case zero, infinite, finite, refused
    }

    static func training(_ q: Double, _ sigma: Double, _ steps: Int) -> PrivacyEvent {
        .training(noiseMultiplier: sigma, samplingProbability: q, steps: steps)
    }

    @Test(arguments: [
        (0.0, 1.0, 10, 1e-5, Answer.zero), (1, 1, 10, 1e-5, .finite), (0.1, 0, 10, 1e-5, .infinite),
        (0, 0, 10, 1e-5, .zero), (1, 0, 1, 1e-5, .infinite), (0.1, 1, 0, 1e-5, .zero),
        (0.1, 0, 0, 1e-5, .zero), (0.1, 1, 10, 0, .infinite), (0, 1, 10, 0, .zero),
        (0.1, 1, 0, 0, .zero), (0.1, 1, 10, 1, .refused), (0.1, 0, 10, 1, .refused),
        (0.1, 1, 10, 1.5, .refused), (0.1, 1, 0, .infinity, .refused),
        (.nan, 1, 10, 1e-5, .refused), (0.1, .nan, 10, 1e-5, .refused),
        (0.1, 1, 10, .nan, .refused), (-0.1, 1, 10, 1e-5, .refused), (1.1, 1, 10, 1e-5, .refused),
        (0.1, -1, 10, 1e-5, .refused), (0.1, 1, -1, 1e-5, .refused), (0.1, 1, 10, -1e-5, .refused),
        (0.1, .infinity, 10, 1e-5, .refused), (.infinity, 1, 10, 1e-5, .refused),
        (0.1, 1e-200, 10, 1e-5, .infinite), (1e-300, 1, 10, 1e-5, .zero),
        (0.1, 1e9, 10, 1e-5, .zero), (0.1, 1, 10, 0.999, .zero), (1 - 1e-12, 1, 3, 1e-5, .finite),
        (0.5, 0.3, 3, 1e-5, .finite), (1e-9, 1, 1_000_000, 1e-5, .zero),
        (0.1, 1, 1_000_000_000_001, 1e-5, .refused),
    ])
    func answersAtTheEdges(q: Double, sigma: Double, steps: Int, delta: Double, answer: Answer) {
        for accountant in [Accountant.rdp, .pld, .best] {
            // RDP cannot reach 0 except in the trivial cases: any finite bound is right there.
            let allowsFinite = answer == .zero && q > 0 && sigma > 0 && steps > 0 && delta > 0
            let found = Self.answer(Self.training(q, sigma, steps), delta, accountant)
            #expect(
                found == answer || (allowsFinite && found == .finite),
                "\(accountant) q \(q) σ \(sigma) T \(steps) δ \(delta)"
            )
        }
    }

    static func answer(_ event: PrivacyEvent, _ delta: Double, _ accountant: Accountant) -> Answer {
        guard
            let epsilon = try? PrivacyAccounting.guarantee(
                of: event,
                delta: delta,
                accountant: accountant
            ).epsilon
        else { return .refused }
        if epsilon == 0 { return .zero }
        return epsilon == .infinity ? .infinite : epsilon > 0 ? .finite : .refused
    }

    @Test func gaussianAccountantRefusesSubsampling() {
        #expect(Self.answer(Self.training(0.1, 1, 10), 1e-5, .gaussian) == .refused)
        #expect(Self.answer(.nonPrivate, 1e-5, .gaussian) == .infinite)
        #expect(Self.answer(.composed([]), 0, .gaussian) == .zero)
    }

    @Test func aNonPrivatePartMakesEpsilonInfinite() {
        let event = PrivacyEvent.composed([.gaussian(noiseMultiplier: 1), .nonPrivate])
        for accountant in Accountant.allCases {
            #expect(Self.answer(event, 1e-5, accountant) == .infinite)
            #expect(Self.answer(.repeated(event, count: 0), 1e-5, accountant) == .zero)
        }
    }

    @Test func samplesOfSamplesMultiplyProbabilities() throws {
        let nested = PrivacyEvent.repeated(
            .poissonSampled(
                probability: 0.2,
                .poissonSampled(probability: 0.1, .gaussian(noiseMultiplier: 1.5))
            ),
            count: 7
        )
        let product = EventComposition.Steps(
            samplingProbability: 0.2 * 0.1,
            noiseMultiplier: 1.5,
            count: 7
        )
        #expect(try EventComposition(nested).sampled == [product])
    }

    @Test func severalSubsampledReleasesOfOneSampleAreRefused() {
        let event = PrivacyEvent.poissonSampled(
            probability: 0.5,
            Self.training(0.1, 1, 2)
        )
        #expect(throws: PrivacyError.self) { try EventComposition(event) }
    }

    @Test func equalStepsAreMergedWhereverTheyStand() throws {
        let event = PrivacyEvent.composed([
            Self.training(0.1, 1, 3), .gaussian(noiseMultiplier: 2),
            .repeated(Self.training(0.1, 1, 2), count: 5), .gaussian(noiseMultiplier: 2),
        ])
        let composition = try EventComposition(event)
        #expect(composition.sampled.map(\.count) == [13])
        #expect(composition.squaredMeanShift == 0.5)
    }

    @Test func belowThePLDsRangeBestIsRDP() throws {
        let guarantee = try PrivacyAccounting.guarantee(
            of: Self.training(0.01, 1, 100),
            delta: 1e-15
        )
        #expect(guarantee.accountant == .rdp && guarantee.order != nil)
    }

    @Test func fullBatchesAreAccountedExactly() throws {
        let guarantee = try PrivacyAccounting.guarantee(
            of: .gaussians(noiseMultiplier: 10, count: 100),
            delta: 1e-6
        )
        #expect(guarantee.accountant == .gaussian)
    }

    /// 200 random trainings: optimistic ≤ PLD ≤ RDP.
    @Test func boundsAreOrdered() throws {
        var random = SeededGenerator(seed: 32)
        for _ in 0..<200 {
            let q = exp(random.uniform(log(2e-3), 0))
            let sigma = exp(random.uniform(log(0.9), log(8)))
            let event = Self.training(q, sigma, Int(exp(random.uniform(0, 6.5))))
            let delta = pow(10, random.uniform(-9, -4))
            let bracket = try PLDAccountant().bracket(of: EventComposition(event), delta: delta)
            let rdp = try RDPAccountant().guarantee(of: event, delta: delta).epsilon
            #expect(
                bracket.lower <= bracket.upper && bracket.upper <= rdp,
                "\(event) \(delta) \(bracket) \(rdp)"
            )
        }
    }

    @Test(arguments: [Accountant.rdp, .pld, .best])
    func epsilonRisesWithStepsAndProbabilityAndFallsWithNoiseAndDelta(
        accountant: Accountant
    ) throws {
        func epsilons(_ events: [(PrivacyEvent, Double)]) throws -> [Double] {
            try events.map {
                try PrivacyAccounting.guarantee(of: $0.0, delta: $0.1, accountant: accountant)
                    .epsilon
            }
        }
        let series = try [
            epsilons([50, 51, 100, 400].map { (Self.training(0.02, 1.1, $0), 1e-6) }),
            epsilons([0.01, 0.0101, 0.02, 0.3, 1].map { (Self.training($0, 1.1, 60), 1e-6) }),
            epsilons([4, 2, 1.99, 1, 0.7].map { (Self.training(0.02, $0, 60), 1e-6) }),
            epsilons([1e-3, 1e-5, 0.99e-5, 1e-8].map { (Self.training(0.02, 1.1, 60), $0) }),
        ]
        for values in series {
            #expect(values == values.sorted() && Set(values).count == values.count)
        }
    }

    @Test func eventsSurviveJSON() throws {
        let event = PrivacyEvent.composed([
            Self.training(0.1, 1.5, 3), .gaussian(noiseMultiplier: 2), .nonPrivate,
        ])
        let data = try JSONEncoder().encode(event)
        #expect(try JSONDecoder().decode(PrivacyEvent.self, from: data) == event)
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(PrivacyEvent.self, from: Data(#"{"kind":"none"}"#.utf8))
        }
    }

    @Test func contradictoryBoundsSayBothValues() {
        let error = PrivacyError.contradictoryBounds(
            lower: 2,
            upper: 1,
            detail: "rdp at delta 1e-5"
        )
        #expect(error.description.contains("2.0") && error.description.contains("rdp"))
    }
}
