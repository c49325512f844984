import Foundation
import Testing

@testable import DifferentialPrivacy

@Suite struct FullBatchPlanTests {
    private let probe = Result {
        try FullBatchPlan(unitCount: 10_000, steps: 200, epsilon: 1, delta: 1e-6)
    }

    /// The whole costs what it was given, to the exact curve of the one Gaussian that it amounts to.
    @Test(arguments: [0.25, 1, 4])
    func theStepsTogetherCostTheirShare(epsilon: Double) throws {
        let plan = try FullBatchPlan(unitCount: 10, steps: 200, epsilon: epsilon, delta: 1e-6)
        let mu = 1 / plan.composedNoiseMultiplier
        func upper(_ x: Double) -> Double { 0.5 * erfc(x / 2.0.squareRoot()) }
        // Balle & Wang 2018, Theorem 8.
        let delta = upper(epsilon / mu - mu / 2) - exp(epsilon) * upper(epsilon / mu + mu / 2)
        #expect(delta <= 1e-6 && delta > 0.99e-6)
        #expect(plan.event == .gaussians(noiseMultiplier: plan.noiseMultiplier, count: 200))
    }

    @Test func aRunsPlanHoldsItsProbe() throws {
        let probe = try probe.get()
        let plan = try PrivacyPlan(
            unit: .record,
            schedule: SamplingSchedule(unitCount: 10_000, expectedBatchSize: 100, steps: 5),
            noiseMultiplier: 1,
            maxGradNorm: 1,
            budget: .limited(epsilon: 8, delta: 1e-6),
            labelProbe: probe
        )
        #expect(
            plan.event == .composed([.repeated(plan.stepEvent, count: 5), probe.event])
        )
        #expect(LedgerPromise(plan).planned.map(\.count) == [5, 200])
        let data = try JSONEncoder().encode(plan)
        #expect(try JSONDecoder().decode(PrivacyPlan.self, from: data) == plan)
        #expect(probe.makeSum(count: 3).sensitivity(for: plan.relation) == 1)
        #expect(probe.mechanism.expectedBatchSize == 10_000)
    }

    @Test func valuesOutOfRangeAreRefused() throws {
        let wrong: [(Int, Int, Double, Double)] = [
            (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, -1, 1), (1, 1, .nan, 1), (1, 1, 1, 0),
            (1, 1, 1, .infinity),
        ]
        for (units, steps, noise, norm) in wrong {
            #expect(throws: PrivacyError.self) {
                try FullBatchPlan(
                    unitCount: units,
                    steps: steps,
                    noiseMultiplier: noise,
                    maxGradNorm: norm
                )
            }
        }
        // A probe without noise in a private run, and one of another corpus.
        for (units, noise) in [(10_000, 0.0), (9_999, 1)] {
            #expect(throws: PrivacyError.self) {
                try PrivacyPlan(
                    unit: .record,
                    schedule: SamplingSchedule(unitCount: 10_000, expectedBatchSize: 1, steps: 1),
                    noiseMultiplier: 1,
                    maxGradNorm: 1,
                    budget: .limited(epsilon: 1, delta: 1e-6),
                    labelProbe: FullBatchPlan(
                        unitCount: units,
                        steps: 1,
                        noiseMultiplier: noise,
                        maxGradNorm: 1
                    )
                )
            }
        }
    }

    /// A step that is reserved again with other inputs must not take what the probe is promised.
    @Test func stepsBeyondThePlanLeaveTheProbesShare() throws {
        let parent = try TemporaryFolder()
        let probe = try FullBatchPlan(
            unitCount: 10_000,
            steps: 3,
            noiseMultiplier: 2,
            maxGradNorm: 1
        )
        func plan(_ epsilon: Double) throws -> PrivacyPlan {
            try PrivacyPlan(
                unit: .record,
                schedule: SamplingSchedule(unitCount: 10_000, expectedBatchSize: 100, steps: 5),
                noiseMultiplier: 1,
                maxGradNorm: 1,
                budget: .limited(epsilon: epsilon, delta: 1e-6),
                labelProbe: probe
            )
        }
        let exact = try RuntimeFixtures.epsilon(plan(100).event, 1e-6)
        let tight = try plan(exact)
        let ledger = try RunFolder(path: parent.path + "/run").create(
            secret: RuntimeFixtures.secret,
            header: RuntimeFixtures.header(tight),
            epsilon: RuntimeFixtures.epsilon
        )
        func reserve(step: Int) throws {
            _ = try ledger.reserve(
                step: step,
                of: tight,
                state: RuntimeFixtures.digest("\(step)"),
                environment: RuntimeFixtures.digest("environment")
            )
        }
        func reserve(probe step: Int, state: String) throws -> ContentDigest {
            try ledger.reserve(
                labelProbeStep: step,
                of: probe,
                state: RuntimeFixtures.digest(state),
                environment: RuntimeFixtures.digest("environment")
            ).key.digest
        }
        for step in 0..<5 { try reserve(step: step) }
        // Spent so far is far below the target, but the rest is the probe's.
        #expect(throws: LedgerError.self) { try reserve(step: 5) }
        #expect(try !ledger.hasRoom(for: 1_000, of: tight.stepEvent))
        let digests = try (0..<3).map { try reserve(probe: $0, state: "w") }
        #expect(Set(digests).count == 3)
        // The same step again is the same release; with other weights it is one too many.
        #expect(try reserve(probe: 1, state: "w") == digests[1])
        #expect(throws: LedgerError.self) { try reserve(probe: 1, state: "v") }
        #expect(ledger.record.releases.count == 3)
        #expect(ledger.record.releases.allSatisfy { $0.isLabelProbeStep })
    }
}
