import DifferentialPrivacy
import Foundation
import Kernels
import Testing

@testable import PrivateTraining

@Suite struct MechanismAuditTests {
    private static let parallel = ParallelFor(threadCount: 2)

    private func finding(
        _ scenario: AuditScenario,
        draws: Int,
        seed: UInt64 = 1,
        failure: Double = 0.01,
        fault: PlantedFault.Kind? = nil
    ) throws -> MechanismAudit.Finding {
        try MechanismAudit(
            secret: .insecure(seed: seed),
            failure: failure,
            parallel: Self.parallel,
            fault: fault
        ).finding(for: scenario, draws: draws)
    }

    /// Five percent show only in many draws; the others change the release beyond recognition.
    @Test(arguments: [
        (PlantedFault.Kind.lessNoise, AuditScenario.onlyRecord, 20_000),
        (.looseClipping, .onlyRecord, 20_000),
        (.noisePerMicroBatch, .oneMoreRecord, 2_000),
        (.realizedDivisor, .oneMoreRecord, 2_000),
        (.emptyBatchSkipped, .onlyRecord, 2_000),
        (.nonFiniteUnits, .nonFiniteRecord, 2_000),
    ])
    func aPlantedFaultIsCaught(
        fault: PlantedFault.Kind,
        scenario: AuditScenario,
        draws: Int
    ) throws {
        let finding = try finding(scenario, draws: draws, fault: fault)
        #expect(!finding.isWithinClaim, "\(finding)")
    }

    @Test(arguments: AuditScenario.allCases)
    func aSoundStepIsWithinItsClaim(scenario: AuditScenario) throws {
        let finding = try finding(scenario, draws: 1_000)
        #expect(finding.isWithinClaim, "\(finding)")
        // A worst-case unit moves the release by all of its bound; one that is left out by nothing.
        let expected = scenario == .nonFiniteRecord ? 0.0 : 3.0
        #expect(abs(finding.estimatedMu - expected) < 0.4, "\(finding)")
    }

    /// With failure probability 1e-7 each, an alarm in 100 true runs has probability 1e-5.
    @Test func aHundredSoundRunsRaiseNoAlarm() throws {
        for seed in 0..<100 {
            let finding = try finding(
                .onlyRecord,
                draws: 150,
                seed: UInt64(seed),
                failure: 1e-7
            )
            #expect(finding.isWithinClaim, "seed \(seed): \(finding)")
        }
    }

    @Test func theSamplerIsWithinItsClaim() throws {
        let audit = try SamplingAudit(secret: .insecure(seed: 1), failure: 1e-7, draws: 2_000)
        #expect(audit.isWithinClaim)
        #expect(abs(audit.estimate - 0.25) < 0.06)
    }

    /// Values by scipy.stats.beta.ppf(1 - failure, k + 1, n - k), scipy 1.17.1.
    @Test(arguments: [
        (0, 100, 0.05, 0.029513049607),
        (5, 100, 0.01, 0.125851730698),
        (308, 1000, 0.005, 0.346964991195),
    ])
    func upperBoundsAreThoseOfClopperAndPearson(
        successes: Int,
        trials: Int,
        failure: Double,
        expected: Double
    ) {
        let bound = BinomialBound.upper(successes: successes, trials: trials, failure: failure)
        #expect(abs(bound - expected) < 1e-9 * expected)
        // The bound solves P(X ≤ k) = failure, summed term by term.
        var tail = 0.0
        for k in 0...successes {
            let choices =
                lgamma(Double(trials + 1)) - lgamma(Double(k + 1)) - lgamma(Double(trials - k + 1))
            tail += exp(choices + Double(k) * log(bound) + Double(trials - k) * log1p(-bound))
        }
        #expect(abs(tail - failure) < 1e-8 * failure + 1e-12)
    }

    @Test func aWorldThatIsNotANumberIsTold() {
        let zeros = [Double](repeating: 0, count: 1_000)
        let poisoned = [Double](repeating: .nan, count: 1_000)
        #expect(TwoWorldBound(without: zeros, with: poisoned, failure: 0.01).lowerBound > 4)
        #expect(TwoWorldBound(without: zeros, with: zeros, failure: 0.01).lowerBound == 0)
    }
}
