import Foundation
import Testing

@testable import DifferentialPrivacy

@Suite struct PrivacyPlanTests {
    @Test(arguments: [
        (40_030, 1024, 6.0, 235), (1000, 100, 1.0, 10), (1000, 300, 1.0, 4), (10, 10, 0.5, 1),
        (7, 3, 3.0, 7), (1_000_000, 1, 2.0, 2_000_000),
    ])
    func stepsCoverTheEpochs(units: Int, batch: Int, epochs: Double, steps: Int) throws {
        let schedule = try SamplingSchedule(
            unitCount: units,
            expectedBatchSize: batch,
            epochs: epochs
        )
        #expect(schedule.steps == steps)
        #expect(schedule.samplingProbability == Double(batch) / Double(units))
    }

    @Test func samplerMechanismAndEventComeFromThePlan() throws {
        let plan = try RuntimeFixtures.plan(steps: 7, noiseMultiplier: 1.5)
        #expect(plan.sampler.samplingProbability == 0.01)
        #expect(plan.mechanism.noiseMultiplier == 1.5)
        #expect(plan.mechanism.expectedBatchSize == 100)
        #expect(
            plan.event == .training(noiseMultiplier: 1.5, samplingProbability: 0.01, steps: 7)
        )
        #expect(plan.makeSum(count: 3).sensitivity(for: plan.relation) == 1)
    }

    @Test func plannedReleasesArePartOfTheEvent() throws {
        let counts = PlannedRelease(name: "label-counts", event: .gaussian(noiseMultiplier: 20))
        let plan = try RuntimeFixtures.plan(releases: [counts])
        #expect(
            plan.event
                == .composed([.repeated(plan.stepEvent, count: 5), .gaussian(noiseMultiplier: 20)])
        )
    }

    @Test func aPlanWithoutPrivacySaysSo() throws {
        let plan = try RuntimeFixtures.plan(noiseMultiplier: 0, budget: .unlimited)
        #expect(!plan.isPrivate)
        #expect(plan.event == .nonPrivate)
        #expect(plan.stepEvent == .nonPrivate)
    }

    @Test func aPlanSurvivesItsFile() throws {
        let plans = [
            try RuntimeFixtures.plan(
                noiseMultiplier: 0.1 + 0.2,
                releases: [PlannedRelease(name: "n", event: .gaussian(noiseMultiplier: 3))]
            ),
            try RuntimeFixtures.plan(noiseMultiplier: 0, budget: .unlimited),
            try PrivacyPlan(
                unit: .user(maxRecords: 4),
                schedule: SamplingSchedule(unitCount: 10, expectedBatchSize: 10, steps: 1),
                noiseMultiplier: 0,
                maxGradNorm: nil,
                budget: .unlimited
            ),
        ]
        for plan in plans {
            let data = try JSONEncoder().encode(plan)
            #expect(try JSONDecoder().decode(PrivacyPlan.self, from: data) == plan)
        }
    }

    @Test(arguments: [
        (#""noise_multiplier":1"#, #""noise_multiplier":0"#),
        (#""noise_multiplier":1"#, #""noise_multiplier":-1"#),
        (#""max_grad_norm":1"#, #""max_grad_norm":0"#),
        (#""delta":1e-06"#, #""delta":0.5"#), (#""epsilon":8"#, #""epsilon":-8"#),
        (#""expected_batch_size":100"#, #""expected_batch_size":0"#),
        (#""expected_batch_size":100"#, #""expected_batch_size":10001"#),
        (#""relation":"add_or_remove_one""#, #""relation":"replace_one""#),
    ])
    func anEditedFileIsRefused(field: String, edited: String) throws {
        let data = try JSONEncoder().encode(try RuntimeFixtures.plan())
        let text = String(decoding: data, as: UTF8.self)
        try #require(text.contains(field), "\(text)")
        #expect(throws: (any Error).self) {
            let changed = Data(text.replacingOccurrences(of: field, with: edited).utf8)
            return try JSONDecoder().decode(PrivacyPlan.self, from: changed)
        }
    }

    @Test func valuesOutOfRangeAreNamed() throws {
        #expect(
            throws: PrivacyError.parameter(
                .delta,
                value: 1e-3,
                allowed: "above 0 and below 1/N = 0.0001"
            )
        ) { try RuntimeFixtures.plan(budget: .limited(epsilon: 1, delta: 1e-3)) }
        #expect(
            throws: PrivacyError.parameter(
                .expectedBatchSize,
                value: 11,
                allowed: "between 1 and the 10 units of the corpus"
            )
        ) { try SamplingSchedule(unitCount: 10, expectedBatchSize: 11, steps: 1) }
        for value in [0, -1, Double.nan, .infinity] {
            #expect(throws: PrivacyError.self) {
                try RuntimeFixtures.plan(noiseMultiplier: value)
            }
            #expect(throws: PrivacyError.self) {
                try RuntimeFixtures.plan(budget: .limited(epsilon: value, delta: 1e-6))
            }
            #expect(throws: PrivacyError.self) {
                try RuntimeFixtures.plan(budget: .limited(epsilon: 1, delta: value))
            }
            #expect(throws: PrivacyError.self) {
                try SamplingSchedule(unitCount: 10, expectedBatchSize: 1, epochs: value)
            }
        }
        #expect(throws: PrivacyError.self) {
            try RuntimeFixtures.plan(noiseMultiplier: 1, budget: .unlimited)
        }
    }
}
