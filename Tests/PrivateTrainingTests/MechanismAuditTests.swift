import DifferentialPrivacy
import Foundation
import Kernels
import Testing

@testable import PrivateTraining

/// Which measurement refutes the claim.
private enum Evidence: Sendable {
    case noise, distance
}

@Suite struct MechanismAuditTests {
    private static let parallel = ParallelFor(threadCount: 2)

    private func finding(
        _ scenario: AuditScenario,
        draws: Int,
        seed: UInt64 = 1,
        failure: Double = 0.01,
        fault: PlantedFault.Kind? = nil
    ) throws -> MechanismAudit.Finding {
        var audit = MechanismAudit(
            secret: .insecure(seed: seed),
            failure: failure,
            parallel: Self.parallel
        )
        audit.fault = fault
        return try audit.finding(for: scenario, draws: draws)
    }

    /// Each fault with a scenario in which it shows, and with what shows it.
    @Test(arguments: [
        (PlantedFault.Kind.lessNoise, AuditScenario.onlyRecord, Evidence.noise),
        (.looseClipping, .onlyRecord, .distance),
        (.noisePerMicroBatch, .oneMoreRecord, .noise),
        (.realizedDivisor, .oneMoreRecord, .distance),
        (.emptyBatchSkipped, .onlyRecord, .noise),
        (.nonFiniteUnits, .nonFiniteRecord, .distance),
        (.normsWithoutCrossTerms, .oneMoreRecord, .distance),
        (.recordsClippedSingly, .userWithRecords, .distance),
        (.normsWithoutErrorBounds, .cancellingRecord, .distance),
        (.dependsOnPlace, .regroupedRecords, .distance),
        (.looseClipping, .adapters, .distance),
        (.lessNoise, .adapters, .noise),
        (.lessNoise, .exactNoise, .noise),
        (.noisePerMicroBatch, .severalThreads, .noise),
        (.lessNoise, .labelProbeRecord, .noise),
        (.looseClipping, .labelProbeRecord, .distance),
        (.recordsClippedSingly, .labelProbeUser, .distance),
    ])
    fileprivate func aPlantedFaultIsCaught(
        fault: PlantedFault.Kind,
        scenario: AuditScenario,
        evidence: Evidence
    ) throws {
        let finding = try finding(scenario, draws: 60, failure: 1e-7, fault: fault)
        #expect(!finding.isWithinClaim, "\(finding)")
        switch evidence {
        case .noise: #expect(!(finding.noiseBound >= 1), "\(finding)")
        case .distance: #expect(!(finding.distance <= finding.largestDistance), "\(finding)")
        }
    }

    /// What two worlds can be told apart by is enough, too, where the defect is not a small one.
    @Test(arguments: [
        (PlantedFault.Kind.noisePerMicroBatch, AuditScenario.oneMoreRecord),
        (.recordsClippedSingly, .userWithRecords),
        (.nonFiniteUnits, .nonFiniteRecord),
    ])
    func aGrossFaultShowsInWhatIsReleased(
        fault: PlantedFault.Kind,
        scenario: AuditScenario
    ) throws {
        let finding = try finding(scenario, draws: 500, fault: fault)
        #expect(finding.lowerBound > finding.claimedMu, "\(finding)")
    }

    @Test(arguments: AuditScenario.allCases)
    func aSoundStepIsWithinItsClaim(scenario: AuditScenario) throws {
        let finding = try finding(scenario, draws: 200)
        #expect(finding.isWithinClaim, "\(finding)")
        // A worst-case unit moves the release by all of its bound; one that is left out by nothing, and
        // one that cancels by next to nothing, as its rounding could be all that it adds.
        let leftOut: [AuditScenario] = [.nonFiniteRecord, .cancellingRecord, .regroupedRecords]
        let moves = leftOut.contains(scenario) ? 0.0 : 1.0
        #expect(abs(finding.distance - moves) < 2e-3, "\(finding)")
        #expect(abs(finding.estimatedMu - 3 * moves) < 0.9, "\(finding)")
        #expect(finding.noiseBound < 1.03, "\(finding)")
    }

    /// With failure probability 1e-7 each, an alarm in 20 true runs has probability 2e-6.
    ///
    /// `scripts/soak-audit` runs a hundred, and longer ones.
    @Test func soundRunsRaiseNoAlarm() throws {
        for seed in 0..<20 {
            let finding = try finding(.onlyRecord, draws: 20, seed: UInt64(seed), failure: 1e-7)
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
