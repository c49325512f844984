extension ReportTable {
    /// What a reader looks at first: usefulness, and likeness to real text.
    static func main(of report: ComparisonReport) -> ReportTable {
        ReportTable(
            columns: classification(
                of: report,
                accuracy: \.judgedAccuracy,
                macroF1: \.judgedMacroF1
            )
                + Column.likeness + [.coverage],
            lines: report.lines,
            countsRuns: report.hasSeveralRuns
        )
    }

    /// Under that table.
    static func caption(of report: ComparisonReport) -> String {
        let several =
            report.hasSeveralRuns
            ? "Lines with several runs hold the mean over independent runs, and ± is half a 95 % "
                + "interval of that mean; with one run ± leaves out how runs differ. "
            : "± is half a 95 % interval of this one run's texts; it leaves out how another run "
                + "would differ. "
        let rivals =
            report.groups.contains(where: \.isPrivate)
            ? "private methods at one ε" : "methods, none of which is known to be private"
        return several
            + "↑ higher is better, ↓ lower is better; bold marks the best of the \(rivals), whether or "
            + "not the intervals overlap. † see “Read before comparing”."
    }

    /// What tells how texts repeat themselves; most of it has no better direction.
    static func variety(of report: ComparisonReport) -> ReportTable {
        ReportTable(
            columns: [
                Column(title: "Length W₁", better: .lower, decimals: 2, value: \.lengthWasserstein),
                Column(
                    title: "Distinct\u{2011}2",
                    better: .neither,
                    decimals: 3,
                    value: \.distinctN
                ),
                Column(
                    title: "Near\u{2011}dup.",
                    better: .neither,
                    decimals: 3,
                    value: \.nearDuplicates
                ),
                Column(
                    title: "Exact dup.",
                    better: .neither,
                    decimals: 3,
                    value: \.exactDuplicates
                ),
            ],
            lines: report.lines.filter { $0.metrics.distinctN != nil },
            countsRuns: report.hasSeveralRuns
        )
    }

    /// Under that table.
    static let varietyCaption =
        "Length W₁: distance of word counts from the real texts', in words. Distinct-2: share of "
        + "different word pairs. Near-dup. and exact dup.: share of texts that another text of the "
        + "same set repeats nearly, or byte for byte. Nearest the row real is best."

    /// Every run of the methods by itself; `nil` when each method was run once.
    static func singleRuns(of report: ComparisonReport) -> ReportTable? {
        guard report.hasSeveralRuns else { return nil }
        return ReportTable(
            columns: main(of: report).columns,
            lines: report.groups.flatMap(\.rows).map { ComparisonGroup(rows: [$0]) },
            countsRuns: false,
            marksBest: false
        )
    }

    /// Under that table.
    static let singleRunsCaption =
        "± is half a 95 % interval from resampling this run's texts and the test texts: it leaves out "
        + "how runs differ, which the lines above hold."

    /// Accuracy and macro-F1 of a classifier, two columns for each label column.
    static func classification(
        of report: ComparisonReport,
        accuracy: @escaping (GroupMetrics) -> [String: RunStatistics],
        macroF1: @escaping (GroupMetrics) -> [String: RunStatistics]
    ) -> [Column] {
        let labels = report.context.labelColumns
        return labels.flatMap { label in
            let suffix = labels.count > 1 ? " \(label)" : ""
            return [
                Column(title: "Accuracy" + suffix, better: .higher, decimals: 3) {
                    accuracy($0)[label]
                },
                Column(title: "Macro\u{2011}F1" + suffix, better: .higher, decimals: 3) {
                    macroF1($0)[label]
                },
            ]
        }
    }
}
