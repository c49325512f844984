import Foundation
import Testing
import Training

@testable import PrivateTraining

@Suite struct TrainingSettingsTests {
    /// Every step that is paid for learns: with w warm-up steps the first has 1/w of the peak.
    @Test(arguments: [1, 5, 20, 21, 100, 160, 1_000])
    func theFirstStepLearns(steps: Int) {
        let settings = Self.settings(countsStep: true)
        let rates = (0..<steps).map { settings.learningRate(ofStep: $0, of: steps) }
        let warmup = max(Int((0.05 * Double(steps)).rounded(.up)), 1)
        #expect(abs(rates[0] - 1 / max(0.05 * Double(steps), 1)) < 1e-12)
        #expect(abs((rates.max() ?? 0) - rates[warmup - 1]) < 1e-12)
        #expect(zip(rates, rates.dropFirst()).prefix(warmup - 1).allSatisfy { $0 < $1 })
        #expect(zip(rates, rates.dropFirst()).dropFirst(warmup).allSatisfy { $0 > $1 })
        #expect(rates.allSatisfy { $0 > 0 && $0 <= 1 })
    }

    /// A run that was begun before goes on at the rates that it began with.
    @Test func aRunFromBeforeKeepsItsRates() throws {
        let encoder = JSONEncoder()
        let earlier = try encoder.encode(Self.settings(countsStep: nil))
        #expect(!String(decoding: earlier, as: UTF8.self).contains("warmup_counts_step"))
        let settings = try JSONDecoder().decode(TrainingSettings.self, from: earlier)
        #expect(settings.learningRate(ofStep: 0, of: 160) == 1e-3)
        #expect(abs(settings.learningRate(ofStep: 4, of: 160) - 0.5) < 1e-12)
        let now = try encoder.encode(Self.settings(countsStep: true))
        let read = try JSONDecoder().decode(TrainingSettings.self, from: now)
        #expect(abs(read.learningRate(ofStep: 0, of: 160) - 0.125) < 1e-12)
    }

    private static func settings(countsStep: Bool?) -> TrainingSettings {
        TrainingSettings(
            learningRate: 1,
            schedule: .linear,
            warmup: 0.05,
            warmupCountsStep: countsStep,
            optimizer: AdamWSettings(),
            sequenceLength: 64
        )
    }
}
