import Foundation
import Kernels
import Testing

@testable import Evaluation

/// What a report says and draws when a method was run several times.
@Suite struct SweepReportTests {
    private let parallel = ParallelFor(threadCount: 2)

    /// Fixture texts as runs of `series` at ε = 1 and 8, twice each, none with the same ε.
    private func inputs(_ series: [String]) throws -> ComparisonInputs {
        let fixture = try ReferenceFixture.load()
        var inputs = try ComparisonFixture.inputs()
        inputs.synthetic = (1...2).flatMap { run in
            series.enumerated().flatMap { place, name in
                [1.0, 8.0].map { epsilon in
                    let start = 60 * place + 20 * run
                    return SyntheticSet(
                        name: "\(name) ε=\(Int(epsilon)) #\(run)",
                        series: name,
                        set: ComparisonFixture.set(
                            fixture.train[start..<(start + 60)],
                            fixture.trainLabels[start..<(start + 60)]
                        ),
                        claim: ComparisonFixture.claim(epsilon - 3e-6 * Double(2 * place + run))
                    )
                }
            }
        }
        return inputs
    }

    @Test func everyGroupIsDrawnAndListedOnce() throws {
        let report = try Comparison(inputs: inputs(["finetune", "evolve"]), parallel: parallel)
            .run()
        #expect(report.rows.count == 11)
        let names = ["finetune ε=1", "finetune ε=8", "evolve ε=1", "evolve ε=8"]
        #expect(report.groups.map(\.name) == names)
        let html = report.html()
        let chart = try #require(EpsilonChart(report: report, measure: .accuracy(of: "topic")).svg)
        #expect(html.contains(chart))
        // A tick for each ε, a line for each method.
        #expect(chart.components(separatedBy: "y=\"292\"").count - 1 == 2)
        #expect(chart.components(separatedBy: "<polyline").count - 1 == 2)
        for measure in [ReportTable.Column.mauve, .fid, .recall] {
            let drawing = try #require(
                EpsilonChart(report: report, measure: measure, isPanel: true).svg
            )
            #expect(html.contains(drawing) && drawing.contains("\(measure.title) against ε"))
            // Their names, and the references that have the measure.
            for name in ["finetune", "evolve", "real texts", "untuned base"] {
                #expect(drawing.contains(">\(name)<"), "\(measure.title)")
            }
            #expect(!drawing.contains("majority class"))
        }
        let lengths = try #require(LengthChart(report: report).svg)
        #expect(html.contains(lengths))
        #expect(lengths.components(separatedBy: "x=\"618\"").count - 1 == 1 + names.count)
        for name in names { #expect(lengths.components(separatedBy: ">\(name)<").count == 2) }
        let maps = EmbeddingMap(report: report).rows
        #expect(maps.count == 2 && maps.allSatisfy(html.contains))
        #expect(report.figures.examples.allSatisfy { $0.nearest.map(\.group) == [1, 2, 3] })
        let accuracy = try #require(AccuracyChart(report: report, column: "topic").svg)
        #expect(accuracy.components(separatedBy: "<circle").count - 1 == 3 + names.count)
        #expect(!report.rows.contains { $0.flags.contains { $0.contains("no other method") } })
    }

    @Test func aSweepOfOneMethodIsFlagged() throws {
        let report = try Comparison(inputs: inputs(["finetune"]), parallel: parallel).run()
        for row in report.rows where row.reference == nil {
            let budget = row.name.contains("ε=1") ? "1" : "8"
            #expect(
                row.flags.contains(
                    "no other method is given at ε = \(budget): nothing here is at the same guarantee"
                )
            )
        }
        #expect(ReportSummary(report: report).findings.first?.hasPrefix("No two methods") == true)
        // Said once for both runs.
        let remarks = ReportDetails(report: report).remarks.first {
            $0.names.contains("finetune ε=8")
        }
        #expect(remarks?.sentences.count { $0.contains("no other method") } == 1)
    }

    @Test func theSummaryComparesMethodsNotRuns() {
        let text = ReportSummary(report: HandmadeReport.sweep).text
        #expect(text.contains("trained on finetune (ε = 8, mean of 2 runs) reaches accuracy 0.550"))
        #expect(
            text.contains(
                "At ε = 1, evolve and finetune cannot be told apart: 0.530 against 0.510 "
                    + "(means of 2 runs each), a difference of 0.020 ± "
            )
        )
        #expect(text.contains("At ε = 8, finetune serves better than evolve: 0.550 against 0.460"))
        #expect(!text.contains("#"))
    }

    @Test func aMethodServesBetterWhereTheDifferenceIsCertain() {
        let rows =
            HandmadeReport.runs("finetune", 8, [0.540, 0.541, 0.542])
            + HandmadeReport.runs("evolve", 8, [0.480, 0.482, 0.484])
        let text = ReportSummary(report: HandmadeReport.report(rows)).text
        #expect(
            text.hasSuffix(
                "At ε = 8, finetune serves better than evolve: 0.541 against 0.482 "
                    + "(means of 3 runs each), a difference of 0.059 ± 0.015."
            )
        )
    }

    @Test func everyMethodAtABudgetIsNamed() {
        let rows = [("a", 0.5004), ("b", 0.4996), ("c", 0.4)].map { name, accuracy in
            HandmadeReport.row(
                name,
                claim: ComparisonFixture.claim(8),
                accuracy: accuracy,
                fid: 0.25
            )
        }
        let text = ReportSummary(report: HandmadeReport.report(rows)).text
        // Both print as 0.500, and so does not a difference of 0.001.
        #expect(text.contains("0.500 against 0.500 (one run each), a difference of 0.000 ±"))
        #expect(
            text.hasSuffix(
                ". Behind them, c reaches 0.400. Likeness to real text, in the same order: FID 0.250 "
                    + "against 0.250."
            )
        )
        // All are best, so none is.
        let table = ReportTable.main(of: HandmadeReport.report(Array(rows.dropLast())))
        let fid = table.columns.filter { $0.title == "FID" }
        #expect(fid.count == 1 && !table.lines.contains { table.isBest(fid[0], $0) })
    }

    @Test func everyLabelColumnHasItsVerdict() throws {
        var inputs = try inputs(["finetune", "evolve"])
        inputs.realTest.labels["other"] = inputs.realTest.labels["topic"]
        for place in inputs.synthetic.indices {
            let set = inputs.synthetic[place].set
            inputs.synthetic[place].set.labels["other"] = set.labels["topic"]
        }
        inputs.labelColumns = ["topic", "other"]
        let report = try Comparison(inputs: inputs, parallel: parallel).run()
        let findings = ReportSummary(report: report).findings
        #expect(
            findings.map { $0.prefix(19) } == [
                "At ε = 1 by topic, ", "At ε = 8 by topic, ", "At ε = 1 by other, ",
                "At ε = 8 by other, ",
            ]
        )
    }

    @Test func intervalsThatSayNothingAreNotPrintedAsIfTheyDid() {
        let report = HandmadeReport.report(HandmadeReport.runs("a", 8, [0.1, 0.9]))
        #expect(report.markdown().contains("0.500 ± >0.5"))
        #expect(
            ReportSummary(report: report).lead.contains(
                "accuracy 0.500 (so few runs that their 95 % interval holds every accuracy)"
            )
        )
    }

    @Test func oneRunEachIsNoVerdictOnTheMethods() {
        let rows =
            HandmadeReport.runs("finetune", 8, [0.54]) + HandmadeReport.runs("evolve", 8, [0.48])
        let text = ReportSummary(report: HandmadeReport.report(rows)).text
        #expect(text.contains("finetune scores higher than evolve: 0.540 against 0.480 (one run"))
        #expect(text.contains("does not say how far another would differ"))
        #expect(!text.contains("serves better"))
    }

    @Test func boldMarksTheBestMeanAmongPrivateMethodsAtOneBudget() {
        let rows =
            HandmadeReport.runs("finetune", 8, [0.60, 0.50])
            + HandmadeReport.runs("evolve", 8, [0.56])
            + HandmadeReport.runs("finetune", 1, [0.40]) + HandmadeReport.runs("evolve", 1, [0.45])
            + HandmadeReport.runs("evolve", 4, [0.70])
            + HandmadeReport.runs("finetune", .infinity, [0.80])
            + HandmadeReport.runs("evolve", .infinity, [0.70])
        let report = HandmadeReport.report(rows)
        let table = ReportTable.main(of: report)
        let best = table.lines.filter { table.isBest(table.columns[0], $0) }.map(\.name)
        #expect(best == ["evolve ε=1 #1", "evolve ε=8 #1"])
        #expect(report.markdown().contains("**0.560 ± 0.010**"))
    }

    @Test func lowerIsBetterForDistances() {
        let claim = ComparisonFixture.claim(8)
        let report = HandmadeReport.report([
            HandmadeReport.row("a", claim: claim, accuracy: 0.5, fid: 0.2),
            HandmadeReport.row("b", claim: claim, accuracy: 0.4, fid: 0.1),
        ])
        let table = ReportTable.main(of: report)
        let best = table.columns.filter { table.isBest($0, report.groups[1]) }.map(\.title)
        #expect(best == ["FID"])
    }

    @Test func whatOnlySomeRunsHaveIsSaidWithTheirNames() {
        let claim = ComparisonFixture.claim(8)
        let rows = (1...3).map { run in
            HandmadeReport.row(
                "a ε=8 #\(run)",
                series: "a",
                claim: claim,
                accuracy: 0.5,
                flags: ["all"] + (run == 2 ? [] : ["some"])
            )
        }
        let remarks = ReportDetails(report: HandmadeReport.report(rows)).remarks
        #expect(remarks.count == 1 && remarks[0].names == ["a ε=8"])
        #expect(remarks[0].sentences == ["all", "some (#1, #3)"])
    }

    @Test func whatIsSaidOfSeveralLinesIsSaidOnce() {
        let said = [("a", ["all", "both", "own"]), ("b", ["both", "all"]), ("c", ["all"])]
        let rows = said.map { name, flags in
            HandmadeReport.row(name, claim: nil, accuracy: 0.5, flags: flags)
        }
        let remarks = ReportDetails(report: HandmadeReport.report(rows)).remarks
        #expect(remarks.map(\.names) == [["all methods"], ["a", "b"], ["a"]])
        #expect(remarks.map(\.sentences) == [["all"], ["both"], ["own"]])
    }

    @Test func linesOfAMethodRiseWithEpsilon() {
        let runs: [(Double, String)] = [(8, "b"), (.infinity, "b"), (1, "a"), (1, "b"), (8, "a")]
        let rows = runs.map { level, name in
            HandmadeReport.row(
                "\(name) \(level)",
                series: name,
                claim: ComparisonFixture.claim(level),
                accuracy: 0.5
            )
        }
        let unstated = HandmadeReport.row("b ?", series: "b", claim: nil, accuracy: 0.5)
        let names = HandmadeReport.report([unstated] + rows).lines.map(\.name)
        #expect(names == ["b 1.0", "b 8.0", "b inf", "b ?", "a 1.0", "a 8.0"])
    }

    @Test func runsWithoutPrivacyNameNoAccountant() {
        let rows =
            HandmadeReport.runs("a", .infinity, [0.5, 0.6]) + HandmadeReport.runs("a", 8, [0.5])
        let guarantees = ReportDetails(report: HandmadeReport.report(rows)).guarantees
        #expect(guarantees.rows[1] == ["a ε=∞", "∞", "–", "record", "add/remove", "–", "manifest"])
        #expect(guarantees.rows[0][5] == "pld")
        #expect(guarantees.alignments.suffix(4).allSatisfy { $0 == .text })
    }

    @Test func whatWasMeasuredIsShown() throws {
        var metrics = RowMetrics()
        metrics.f1 = 0.123
        metrics.distinctN = 0.5
        metrics.exactDuplicates = 0.456
        metrics.canaries = [[5.0, 6], [0.5, 6]].compactMap {
            CanaryExposure(canaryLoss: 1, fillerLosses: $0)
        }
        metrics.canaryExposure = 0.79
        let row = ComparisonRow(
            name: "a",
            reference: nil,
            series: "a",
            texts: 9,
            privacy: nil,
            metrics: metrics,
            flags: [],
            notes: []
        )
        let report = HandmadeReport.report([row])
        for page in [report.markdown(), report.html()] {
            for part in ["0.123", "0.456", "1 of 3, 2 of 3"] { #expect(page.contains(part)) }
        }
    }
}
