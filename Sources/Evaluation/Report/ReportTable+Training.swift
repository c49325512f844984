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
