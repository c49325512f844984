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

/// What a table, the curves and the summary tell of a line.
extension ReportTable.Column {
    /// For a drawing of its own; the table's column may have a shorter title.
    static func accuracy(of column: String) -> Self {
        Self(title: "Accuracy of \(column)", better: .higher, decimals: 3) {
            $0.judgedAccuracy[column]
        }
    }

    static var mauve: Self { Self(title: "MAUVE", better: .higher, decimals: 3, value: \.mauve) }
    static var fid: Self { Self(title: "FID", better: .lower, decimals: 3, value: \.fid) }
    static var precision: Self {
        Self(title: "Precision", better: .higher, decimals: 3, value: \.precision)
    }
    static var recall: Self { Self(title: "Recall", better: .higher, decimals: 3, value: \.recall) }
    /// Precision and recall together.
    static var coverage: Self {
        Self(title: "k\u{2011}NN F1", better: .higher, decimals: 3, value: \.f1)
    }

    /// Each aspect of likeness by itself.
    static var likeness: [Self] { [.mauve, .fid, .precision, .recall] }

    /// What the measure can be at most: what is better when it is higher is a share.
    var most: Double { better == .higher ? 1 : .infinity }

    /// The title within a sentence.
    var name: String { title == title.uppercased() ? title : title.lowercased() }
}

extension ReportTable {
    /// What models that were trained on each row's texts reach; nil if none was.
    static func training(of report: ComparisonReport) -> ReportTable? {
        let lines = report.lines.filter { $0.metrics.nextTokenAccuracy != nil }
        guard !lines.isEmpty else { return nil }
        var columns = classification(
            of: report,
            accuracy: \.fineTunedAccuracy,
            macroF1: \.fineTunedMacroF1
        )
        columns += [
            Column(
                title: "Next\u{2011}token accuracy",
                better: .higher,
                decimals: 3,
                value: \.nextTokenAccuracy
            ),
            Column(title: "Perplexity", better: .lower, decimals: 1, value: \.nextTokenPerplexity),
            Column(title: "Self\u{2011}BLEU", better: .neither, decimals: 3, value: \.selfBLEU),
        ]
        if lines.contains(where: { $0.metrics.canaryExposure != nil }) {
            columns.append(
                Column(
                    title: "Canary exposure",
                    better: .lower,
                    decimals: 2,
                    value: \.canaryExposure
                )
            )
        }
        return ReportTable(columns: columns, lines: lines, countsRuns: report.hasSeveralRuns)
    }

    /// What stands under that table.
    static let trainingCaption =
        "Accuracy and macro-F1 of classifiers fine-tuned from the base model, mean over their seeds; "
        + "next-token accuracy and perplexity of a small language model; all trained on the row's texts "
        + "and tested on real texts. ± is half a 95 % interval: of the mean where there are several "
        + "runs, otherwise over seeds and resampled test texts."
}
