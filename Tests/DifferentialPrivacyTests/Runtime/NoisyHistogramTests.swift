import Foundation
import TestData
import Testing

@testable import DifferentialPrivacy

@Suite struct NoisyHistogramTests {
    /// Whole counts, each by a unit of its own.
    private static func counts(_ counts: [Int], sensitivity: Int = 1) -> BoundedCounts {
        BoundedCounts(
            binCount: counts.count,
            sensitivity: sensitivity,
            units: counts.enumerated().lazy.flatMap { bin, count in
                repeatElement(contribution([bin: UnitContribution.partsPerCount]), count: count)
            }
        )
    }

    private static func contribution(_ parts: [Int: Int]) -> UnitContribution {
        var unit = UnitContribution()
        for (bin, parts) in parts { unit.add(parts, to: bin) }
        return unit
    }

    @Test func emptyBinsAreReleasedLikeOthers() {
        let histogram = NoisyHistogram(noiseMultiplier: 5)
        let released = histogram.release(
            Self.counts([100, 0, 3]),
            for: RuntimeFixtures.reservation()
        )
        let noise = histogram.release(Self.counts([0, 0, 0]), for: RuntimeFixtures.reservation())
        #expect(released.count == 3 && noise.allSatisfy { $0 != 0 })
        #expect(zip(released, noise).map { ($0 - $1).rounded() } == [100, 0, 3])
    }

    @Test func theNoiseHasTheStatedDeviationAndIsOnAGrid() {
        let histogram = NoisyHistogram(noiseMultiplier: 2)
        let released = histogram.release(
            BoundedCounts(binCount: 400_001, sensitivity: 3, units: []),
            for: RuntimeFixtures.reservation()
        )
        let variance = released.reduce(0) { $0 + $1 * $1 } / 400_001
        // Standard error √(2/n) = 0.22 % of the variance; five of them.
        #expect(abs(variance / 36 - 1) < 0.0112)
        let grid = GaussianMechanism.gridStep(deviation: 6)
        #expect(released.allSatisfy { ($0 / grid).rounded() == $0 / grid })
    }

    @Test func itsEventStatesItsCost() {
        #expect(NoisyHistogram(noiseMultiplier: 2).event == .gaussian(noiseMultiplier: 2))
        #expect(NoisyHistogram(noiseMultiplier: 0).event == .nonPrivate)
        let exact = NoisyHistogram(noiseMultiplier: 0)
        #expect(exact.release(Self.counts([1, 2]), for: RuntimeFixtures.reservation()) == [1, 2])
    }

    /// Whatever a unit claims, it moves the counts by at most Δ.
    ///
    /// And by nearly Δ if it claims more: in one bin or a hundred thousand, decided in whole parts.
    @Test(arguments: [1, 3, 10_000])
    func noUnitMovesTheCountsByMoreThanTheBound(sensitivity: Int) {
        let bound = sensitivity * UnitContribution.partsPerCount
        var generator = SeededGenerator(seed: 41)
        let spread = (0..<100_000).map { ($0, Int.random(in: 0...bound, using: &generator)) }
        let claims: [[Int: Int]] = [
            [0: bound + 1], [0: 1 << 60], [7: bound, 8: 1], [0: bound, 1: bound, 2: bound],
            Dictionary(uniqueKeysWithValues: spread),
            Dictionary(uniqueKeysWithValues: spread.prefix(1000)),
            Dictionary(uniqueKeysWithValues: (0..<100_000).map { ($0, 1 << 50) }),
        ]
        for claim in claims {
            let units = [Self.contribution([0: bound]), Self.contribution(claim)]
            let with = Self.parts(of: units, sensitivity)
            let without = Self.parts(of: [units[0]], sensitivity)
            let moved = zip(with, without).reduce(UInt128(0)) {
                $0 + UInt128($1.0 - $1.1) * UInt128($1.0 - $1.1)
            }
            #expect(moved <= UInt128(bound) * UInt128(bound))
            #expect(Double(moved).squareRoot() > 0.999 * Double(bound))
        }
    }

    private static func parts(of units: [UnitContribution], _ sensitivity: Int) -> [Int] {
        NoisyHistogram(noiseMultiplier: 0).release(
            BoundedCounts(binCount: 100_000, sensitivity: sensitivity, units: units),
            for: RuntimeFixtures.reservation()
        ).map { Int($0 * Double(UnitContribution.partsPerCount)) }
    }

    /// What is within the bound is counted as it is.
    @Test func shortContributionsAreLeftAlone() {
        let share = UnitContribution.share(among: 3)
        let units = [Self.contribution([0: share, 1: share, 2: share]), Self.contribution([1: 5])]
        #expect(units[0].isWithin(1) && units[0].scaled(to: 1).isWithin(1))
        #expect(Self.parts(of: units, 1).prefix(4) == [share, share + 5, share, 0])
        #expect(UnitContribution().scaled(to: 1) == UnitContribution())
    }
}
