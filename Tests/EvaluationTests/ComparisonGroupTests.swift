import Foundation
import Kernels
import Testing

@testable import Evaluation

@Suite struct ComparisonGroupTests {
    @Test func runsOfOneMethodAtOneBudgetAreOneGroup() {
        let groups = HandmadeReport.sweep.groups
        #expect(groups.map(\.name) == ["finetune ε=1", "finetune ε=8", "evolve ε=1", "evolve ε=8"])
        #expect(groups[1].runs == ["finetune ε=8 #1", "finetune ε=8 #2"])
        let means = groups.compactMap { $0.metrics.accuracy["topic"]?.mean }
        for (mean, expected) in zip(means, [0.51, 0.55, 0.53, 0.46]) {
            #expect(abs(mean - expected) < 1e-12)
        }
        // Both methods' runs at 8 spend different amounts, and share a budget: the largest.
        #expect(groups[1].budget == 7.999682 && groups[3].budget == 7.999682)
        #expect(groups[1].privacy?.epsilon == 7.999679)
    }

    @Test func aRowAloneKeepsItsNameAndItsOwnInterval() throws {
        let claim = ComparisonFixture.claim(8)
        let report = HandmadeReport.report([
            HandmadeReport.row("a", claim: claim, accuracy: 0.5, reach: 0.03),
            HandmadeReport.row("b", claim: nil, accuracy: 0.4),
        ])
        #expect(report.groups.map(\.name) == ["a", "b"] && !report.hasSeveralRuns)
        let accuracy = try #require(report.groups[0].metrics.accuracy["topic"])
        #expect(accuracy.runs == 1 && accuracy.standardDeviation == nil)
        #expect(accuracy.interval == [0.47, 0.53])
        #expect(report.groups[1].privacy == nil && report.groups[1].budget == nil)
    }

    /// scipy 1.17.1: `stats.t.interval(0.95, 2, loc=mean, scale=stats.sem(values))`; the table of
    /// Student's t has three decimals, which is 1e-6 of an interval here.
    @Test func theIntervalOfSeveralRunsIsStudents() throws {
        let statistics = try #require(RunStatistics([0.539, 0.531, 0.550]))
        #expect(abs(statistics.mean - 0.54) < 1e-12)
        #expect(abs((statistics.standardDeviation ?? 0) - 0.00953939201416947) < 1e-12)
        let interval = try #require(statistics.interval)
        #expect(abs(interval[0] - 0.5163028) < 1e-5 && abs(interval[1] - 0.5636972) < 1e-5)
        #expect(RunStatistics([]) == nil)
        #expect(RunStatistics.studentQuantile(degreesOfFreedom: 99) == 2.042)
    }

    /// Two runs have t = 12.706 and here s / √2 = 0.01.
    ///
    /// Every row's interval of ±0.01 comes from the test texts, which the runs share.
    @Test func moreRunsDoNotLessenTheNoiseOfTheTestTexts() throws {
        let accuracy = try #require(HandmadeReport.sweep.groups[1].metrics.accuracy["topic"])
        let reach = try #require(accuracy.reach)
        #expect(abs(reach - (0.12706 * 0.12706 + 0.01 * 0.01).squareRoot()) < 1e-9)
    }

    /// scipy 1.17.1: `stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)`.
    ///
    /// Its 4.83 degrees of freedom are rounded down to 4, where t is 6.8 % larger.
    @Test func theIntervalOfADifferenceIsWelchs() throws {
        let first = try #require(RunStatistics([0.50, 0.52, 0.51, 0.55, 0.53]))
        let second = try #require(RunStatistics([0.45, 0.46, 0.455]))
        let reach = try #require(first.differenceReach(to: second))
        #expect(reach >= 0.0235752 && reach < 0.0235752 * 1.07)
        #expect(second.differenceReach(to: first) == reach)
        let single = try #require(RunStatistics([0.5], ownInterval: [0.47, 0.53]))
        let other = try #require(RunStatistics([0.4], ownInterval: [0.36, 0.44]))
        #expect(abs((single.differenceReach(to: other) ?? 0) - 0.05) < 1e-12)
        #expect(RunStatistics([0.5])?.differenceReach(to: other) == nil)
    }

    @Test func numbersKeepTheirRowsAndGainTheGroups() throws {
        var inputs = [
            HandmadeReport.runs("a", .infinity, [0.5, 0.5]), HandmadeReport.runs("b", 1, [0.4]),
        ].flatMap { $0 }
        inputs[1] = HandmadeReport.row(
            "a ε=∞ #2",
            series: "a",
            claim: ComparisonFixture.claim(.infinity, delta: 1e-5, source: .claimed),
            accuracy: 0.5
        )
        let data = try HandmadeReport.report(inputs).numbersJSON()
        let object = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: Any]
        )
        #expect(object.keys.sorted() == ["context", "groups", "rows", "verdicts"])
        let groups = try #require(object["groups"] as? [[String: Any]])
        #expect(groups.count == 2 && groups[0]["runs"] as? [String] == ["a ε=∞ #1", "a ε=∞ #2"])
        let claim = try #require(groups[0]["privacy"] as? [String: Any])
        #expect(claim["epsilon"] as? String == "inf" && claim["delta"] as? Double == 1e-5)
        #expect(claim["source"] as? String == "claimed" && claim["unit"] as? String == "record")
        let metrics = try #require(groups[0]["metrics"] as? [String: Any])
        let accuracy = try #require(metrics["accuracy"] as? [String: [String: Any]])["topic"]
        #expect(accuracy?["mean"] as? Double == 0.5 && accuracy?["runs"] as? Int == 2)
    }

    @Test func budgetsJoinValuesWithinOneInAHundredOfANeighbour() {
        let claims = [8.05, 1, 7.99, 4, .infinity, 8.1].map { ComparisonFixture.claim($0) }
        let budgets = PrivacyBudgets(claims)
        #expect(budgets.levels == [1, 4, 8.1, .infinity])
        #expect(budgets.level(of: claims[2]) == 8.1 && budgets.level(of: claims[4]) == .infinity)
    }
}
