import Foundation
import Testing

@testable import DifferentialPrivacy

/// False-alarm limits are five to six standard errors (below 1e-6 a comparison); seeds are fixed.
@Suite struct PoissonSamplerTests {
    /// `count` batches of `units` each: consecutive units of one long draw, whose coins are as
    /// independent as those of different steps.
    private static func batches(
        _ count: Int,
        units: Int,
        probability: Double
    ) -> [[Int]] {
        let sampler = PoissonSampler(samplingProbability: probability)
        var batches = [[Int]](repeating: [], count: count)
        for unit in sampler.sample(unitCount: count * units, for: RuntimeFixtures.reservation()) {
            batches[unit / units].append(unit % units)
        }
        return batches
    }

    @Test func everyUnitJoinsWithTheProbabilityOfThePlan() {
        let (steps, units, probability) = (100_000, 200, 0.05)
        var inclusions = [Int](repeating: 0, count: units)
        for batch in Self.batches(steps, units: units, probability: probability) {
            for unit in batch { inclusions[unit] += 1 }
        }
        let expected = Double(steps) * probability
        let variance = expected * (1 - probability)
        let chiSquare = inclusions.reduce(0) { $0 + pow(Double($1) - expected, 2) / variance }
        // Mean 200, variance 400; ±5.5 standard deviations, wide enough for the skewed side.
        #expect(abs(chiSquare - Double(units)) < 110, "\(chiSquare)")
    }

    @Test func pairsOfUnitsJoinIndependently() {
        let (steps, units, probability) = (100_000, 40, 0.2)
        var together = [[Int]](repeating: [Int](repeating: 0, count: units), count: units)
        for batch in Self.batches(steps, units: units, probability: probability) {
            for first in batch { for second in batch { together[first][second] += 1 } }
        }
        let joint = probability * probability
        let expected = Double(steps) * joint
        let limit = 6 * (expected * (1 - joint)).squareRoot()
        for first in 0..<units {
            for second in 0..<first {
                #expect(abs(Double(together[first][second]) - expected) < limit)
            }
        }
    }

    @Test func batchSizesVaryAsABinomial() {
        let (steps, units, probability) = (400_000, 100, 0.03)
        let sizes = Self.batches(steps, units: units, probability: probability).map {
            Double($0.count)
        }
        let mean = sizes.reduce(0, +) / Double(steps)
        let variance = sizes.reduce(0) { $0 + pow($1 - mean, 2) } / Double(steps)
        let expected = Double(units) * probability * (1 - probability)
        #expect(abs(mean - 3) < 5 * (expected / Double(steps)).squareRoot())
        // Standard error of a variance: about √(2.3/n) relative, 0.24 % here; five of them.
        #expect(abs(variance / expected - 1) < 0.012)
        #expect(Set(sizes).count > 10)
    }

    @Test func emptyBatchesOccurAsOftenAsTheyShould() {
        let (steps, units, probability) = (100_000, 10, 0.1)
        let empty = Self.batches(steps, units: units, probability: probability)
            .filter(\.isEmpty).count
        let expected = pow(1 - probability, Double(units))
        let limit = 5 * (expected * (1 - expected) / Double(steps)).squareRoot()
        #expect(abs(Double(empty) / Double(steps) - expected) < limit)
    }

    @Test func whetherAUnitJoinsDoesNotDependOnTheOthers() {
        let sampler = PoissonSampler(samplingProbability: 0.3)
        let all = sampler.sample(unitCount: 30_000, for: RuntimeFixtures.reservation())
        #expect(all == all.sorted() && Set(all).count == all.count)
        for count in [0, 1, 8191, 8192, 8193, 20_001] {
            let fewer = sampler.sample(unitCount: count, for: RuntimeFixtures.reservation())
            #expect(fewer == all.filter { $0 < count })
        }
    }

    @Test func withProbabilityOneEveryoneJoins() {
        let sampler = PoissonSampler(samplingProbability: 1)
        #expect(
            sampler.sample(unitCount: 5, for: RuntimeFixtures.reservation()) == [0, 1, 2, 3, 4]
        )
    }

    @Test func theTinyProbabilityOfAHugeCorpusIsKept() {
        // 20 expected of 20 million; Poisson: outside 3...50 with probability below 1e-6.
        let size = Self.batches(1, units: 20_000_000, probability: 1e-6)[0].count
        #expect((3...50).contains(size))
    }

    @Test func stepsAreSampledIndependently() {
        let sampler = PoissonSampler(samplingProbability: 0.5)
        let batches = (0..<20).map { step in
            Set(sampler.sample(unitCount: 10_000, for: RuntimeFixtures.reservation("step \(step)")))
        }
        for first in 0..<20 {
            for second in 0..<first {
                // Overlap: mean 2,500, standard deviation 43; six of them over 190 pairs.
                let overlap = batches[first].intersection(batches[second]).count
                #expect(abs(overlap - 2500) < 260)
            }
        }
    }
}
