import DifferentialPrivacy
import Foundation
import Testing

@testable import PrivacyVerification

/// Epsilon of groups by the accountants, by the recomputation, and by other tools.
@Suite struct GroupRecomputationTests {
    /// A row of `group_epsilons.json`.
    private struct Row: Decodable {
        let event: PrivacyEvent
        let delta: Double
        let size: Int
        let lower: Double
        let upper: Double

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            let probability = try values.decode(Double.self)
            let noise = try values.decode(Double.self)
            event = .training(
                noiseMultiplier: noise,
                samplingProbability: probability,
                steps: try values.decode(Int.self)
            )
            delta = try values.decode(Double.self)
            size = try values.decode(Int.self)
            lower = try values.decode(Double.self)
            upper = try values.decode(Double.self)
        }
    }

    private struct Table: Decodable { let rows: [Row] }

    private static let rows = Result {
        let file = try #require(
            Bundle.module.url(
                forResource: "group_epsilons",
                withExtension: "json",
                subdirectory: "Fixtures"
            )
        )
        return try JSONDecoder().decode(Table.self, from: Data(contentsOf: file)).rows
    }

    /// The tools' lower bound is below what the accountants report, and below the upper end of ours.
    @Test func otherToolsAgree() throws {
        let rows = try Self.rows.get()
        #expect(rows.count == 17)
        for row in rows {
            let reported = try GroupPrivacy.guarantee(
                of: row.event,
                size: row.size,
                delta: row.delta
            )
            #expect(reported.epsilon >= row.lower * (1 - 1e-9), "\(row) \(reported)")
            let releases = try NoisyRelease.all(in: row.event).map {
                $0.seen(byGroupOf: row.size)
            }
            if let truth = PrivacyCurveInversion.epsilon(of: releases, delta: row.delta) {
                #expect(
                    truth >= row.lower * (1 - 1e-7) && truth <= row.upper * (1 + 1e-7),
                    "\(row)"
                )
            } else {
                let found = RoundedLossBracket(releases, delta: row.delta).epsilon(delta: row.delta)
                #expect(found.lowerBound <= row.upper * (1 + 1e-7) + 1e-9, "\(row) \(found)")
                #expect(found.upperBound >= row.lower * (1 - 1e-7), "\(row) \(found)")
            }
        }
    }

    /// What the accountants report follows; what is a hundredth off in either direction does not.
    @Test(arguments: [
        (0.05, 0.5573, 20, 2), (0.04998, 0.5605, 21, 2), (0.025, 0.5121, 40, 2),
        (0.05, 0.5573, 20, 10), (0.5, 0.3, 1, 5), (0.001, 0.3, 1, 10), (1, 0.7, 1, 3),
        (0.99, 2, 5, 10), (0.0001, 0.8, 1, 2), (0.02, 3, 200, 5), (0.01, 1, 100_000, 2),
    ])
    func whatTheAccountantsReportFollows(
        q: Double,
        sigma: Double,
        steps: Int,
        size: Int
    ) throws {
        let event = PrivacyEvent.training(
            noiseMultiplier: sigma,
            samplingProbability: q,
            steps: steps
        )
        let reported = try GroupPrivacy.guarantee(of: event, size: size, delta: 1e-5)
        let group = try GroupRecomputation(event, size: size)
        #expect(group.confirms(reported), "\(reported)")
        let factors = [0.5, 0.99, 1.01, 1.7, Double.infinity]
        for factor in factors where reported.epsilon > 0.2 {
            let other = PrivacyGuarantee(
                epsilon: reported.epsilon * factor,
                delta: reported.delta,
                accountant: reported.accountant,
                order: reported.order
            )
            #expect(!group.confirms(other), "\(factor) of \(reported)")
        }
    }

    /// The verification states the accountants' orders by itself; here they are compared.
    @Test func thePublishedOrdersAreTheAccountants() {
        #expect(PublishedOrders.all == RDPAccountant.defaultOrders)
    }

    /// The whole grid takes many minutes: `DPSCRIBE_GROUP_GRID` asks for it.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["DPSCRIBE_GROUP_GRID"] != nil))
    func theGridAgrees() throws {
        var plans = 0
        for sigma in [0.3, 0.4, 0.5, 0.6, 0.8, 1, 2, 5] {
            for q in [0.0001, 0.001, 0.01, 0.05, 0.2, 0.5, 0.9, 1] {
                for steps in [1, 2, 5, 20, 100] {
                    for size in [2, 5, 10] {
                        let event = PrivacyEvent.training(
                            noiseMultiplier: sigma,
                            samplingProbability: q,
                            steps: steps
                        )
                        let reported = try GroupPrivacy.guarantee(
                            of: event,
                            size: size,
                            delta: 1e-5
                        )
                        let agrees = try GroupRecomputation(event, size: size).confirms(reported)
                        #expect(agrees, "q \(q) σ \(sigma) T \(steps) k \(size): \(reported)")
                        plans += 1
                    }
                }
            }
        }
        #expect(plans == 960)
    }

    /// Bounds from dp-accounting 0.6.0, `from_mixture_gaussian_mechanism` with sensitivities 0…k and
    /// binomial probabilities, intervals 2e-4 (first row) and 1e-3, optimistic and pessimistic.
    @Test(arguments: [
        (0.05, 0.85, 160, 1e-6, 2, 15.413527048, 15.429532633),
        (0.02, 3, 200, 1e-6, 2, 0.750780800, 0.850963119),
        (0.02, 3, 200, 1e-6, 10, 4.545755185, 5.007606593),
        (0.01, 1, 1000, 1e-5, 2, 3.479145300, 3.979484542),
        (0.2, 2, 50, 1e-5, 3, 12.911099542, 12.966365602),
    ])
    func groupsOfSampledStepsAreMixtures(
        q: Double,
        sigma: Double,
        steps: Int,
        delta: Double,
        size: Int,
        lower: Double,
        upper: Double
    ) throws {
        let event = PrivacyEvent.training(
            noiseMultiplier: sigma,
            samplingProbability: q,
            steps: steps
        )
        let reported = try GroupPrivacy.guarantee(of: event, size: size, delta: delta).epsilon
        let releases = try NoisyRelease.all(in: event).map { $0.seen(byGroupOf: size) }
        let truth = try #require(PrivacyCurveInversion.epsilon(of: releases, delta: delta))
        #expect(truth >= lower && truth <= upper)
        #expect(reported >= truth)
        #expect(reported <= 1.25 * truth)
    }

    @Test func theExtremesAreKnown() throws {
        func confirms(_ event: PrivacyEvent, _ epsilon: Double) throws -> Bool {
            try GroupRecomputation(event, size: 2).confirms(
                PrivacyGuarantee(epsilon: epsilon, delta: 1e-5, accountant: .rdp)
            )
        }
        #expect(try confirms(.composed([]), 0))
        #expect(try !confirms(.composed([]), 1))
        #expect(try confirms(.nonPrivate, .infinity))
        #expect(try !confirms(.nonPrivate, 100))
        #expect(try !confirms(.gaussian(noiseMultiplier: 1e-8), 1e9))
        #expect(throws: PrivacyError.self) { try confirms(.gaussian(noiseMultiplier: .nan), 1) }
    }
}
