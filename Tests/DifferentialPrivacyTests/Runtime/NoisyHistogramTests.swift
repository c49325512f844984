import Foundation
import Testing

@testable import DifferentialPrivacy

@Suite struct NoisyHistogramTests {
    @Test func emptyBinsAreReleasedLikeOthers() {
        let histogram = NoisyHistogram(noiseMultiplier: 5)
        let released = histogram.release([100, 0, 3], for: RuntimeFixtures.reservation())
        let noise = histogram.release([0, 0, 0], for: RuntimeFixtures.reservation())
        #expect(released.count == 3 && noise.allSatisfy { $0 != 0 })
        #expect(zip(released, noise).map { ($0 - $1).rounded() } == [100, 0, 3])
    }

    @Test func theNoiseHasTheStatedDeviationAndIsOnAGrid() {
        let histogram = NoisyHistogram(noiseMultiplier: 2, sensitivity: 3)
        let released = histogram.release(
            [Double](repeating: 7, count: 400_001),
            for: RuntimeFixtures.reservation()
        )
        let variance = released.reduce(0) { $0 + pow($1 - 7, 2) } / 400_001
        // Standard error √(2/n) = 0.22 % of the variance; five of them.
        #expect(abs(variance / 36 - 1) < 0.0112)
        let grid = GaussianMechanism.gridStep(deviation: 6)
        #expect(released.allSatisfy { ($0 / grid).rounded() == $0 / grid })
    }

    @Test func itsEventStatesItsCost() {
        #expect(NoisyHistogram(noiseMultiplier: 2).event == .gaussian(noiseMultiplier: 2))
        #expect(NoisyHistogram(noiseMultiplier: 0).event == .nonPrivate)
        let exact = NoisyHistogram(noiseMultiplier: 0)
        #expect(exact.release([1, 2], for: RuntimeFixtures.reservation()) == [1, 2])
    }
}
