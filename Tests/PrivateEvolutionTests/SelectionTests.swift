import TestData
import Testing

@testable import PrivateEvolution

@Suite struct SelectionTests {
    @Test func rankKeepsTheMostVoted() {
        var generator = SeededGenerator(seed: 1)
        let counts = [0.5, -3, 7, 7, 2]
        let kept = SelectionRule.rank.select(
            keeping: 3,
            from: counts,
            threshold: 100,
            using: &generator
        )
        #expect(kept == [2, 3, 4])
        let all = SelectionRule.rank.select(
            keeping: 9,
            from: counts,
            threshold: 0,
            using: &generator
        )
        #expect(all == [2, 3, 4, 0, 1])
    }

    /// 60,000 draws; the bound is 6 standard errors of the rarest bin, a false alarm below 1e-8.
    @Test func samplingFollowsTheThresholdedCounts() {
        var generator = SeededGenerator(seed: 2)
        let drawn = SelectionRule.sample.select(
            keeping: 60_000,
            from: [-50, 1, 3, 5, 2],
            threshold: 2,
            using: &generator
        )
        #expect(Set(drawn) == [2, 3])
        let share = Double(drawn.count { $0 == 2 }) / 60_000
        #expect(abs(share - 0.25) < 6 * (0.25 * 0.75 / 60_000).squareRoot())
    }

    @Test func withoutPositiveCountsAllCandidatesAreDrawnAlike() {
        var generator = SeededGenerator(seed: 3)
        let drawn = SelectionRule.sample.select(
            keeping: 9000,
            from: [-1, 0, -2],
            threshold: 0,
            using: &generator
        )
        for bin in 0..<3 { #expect(abs(drawn.count { $0 == bin } - 3000) < 300) }
    }

    @Test(arguments: SelectionRule.allCases)
    func nothingToKeepOrNothingToChooseFromIsEmpty(rule: SelectionRule) {
        var generator = SeededGenerator(seed: 4)
        #expect(rule.select(keeping: 0, from: [1], threshold: 0, using: &generator) == [])
        #expect(rule.select(keeping: 3, from: [], threshold: 0, using: &generator) == [])
    }

    @Test func sizesAddUpAndFollowTheWeights() {
        #expect(ClassSizes.apportion(10, by: [1, 1, 1]) == [4, 3, 3])
        #expect(ClassSizes.apportion(7, by: [-5, 2, 0, 5]) == [0, 2, 0, 5])
        #expect(ClassSizes.apportion(4, by: [-1, -2]) == [2, 2])
        #expect(ClassSizes.apportion(3, by: [.nan, .infinity, 1]) == [0, 0, 3])
        #expect(ClassSizes.apportion(5, by: [1e308, 1e308]) == [3, 2])
        for count in 0..<50 {
            let sizes = ClassSizes.apportion(count, by: [0.3, 5.1, 2.2, 0.01])
            #expect(sizes.reduce(0, +) == count)
        }
    }
}
