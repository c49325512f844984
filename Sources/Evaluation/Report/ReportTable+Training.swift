extension ReportTable {
    /// What models that were trained on each row's texts reach; nil if none was.
    static func training(of report: ComparisonReport) -> ReportTable? {
        let rows = report.rows.filter { $0.metrics.nextTokenAccuracy != nil }
        guard !rows.isEmpty else { return nil }
        var columns = classification(
            of: report.context.labelColumns,
            accuracy: { $0.fineTunedAccuracy },
            accuracyInterval: { $0.fineTunedAccuracyInterval },
            macroF1: { $0.fineTunedMacroF1 },
            macroF1Interval: { $0.fineTunedMacroF1Interval }
        )
        columns += [
            Column(
                title: "Next\u{2011}token accuracy",
                better: .higher,
                decimals: 3,
                value: { $0.metrics.nextTokenAccuracy }
            ),
            Column(
                title: "Perplexity",
                better: .lower,
                decimals: 1,
                value: { $0.metrics.nextTokenPerplexity }
            ),
            Column(
                title: "Self\u{2011}BLEU",
                better: .neither,
                decimals: 3,
                value: { $0.metrics.selfBLEU }
            ),
        ]
        if rows.contains(where: { $0.metrics.canaryExposure != nil }) {
            columns.append(
                Column(
                    title: "Canary exposure",
                    better: .lower,
                    decimals: 2,
                    value: { $0.metrics.canaryExposure }
                )
            )
        }
        return ReportTable(columns: columns, rows: rows)
    }

    /// What stands under that table.
    static let trainingCaption =
        "Accuracy and macro-F1 of a classifier fine-tuned from the base model, next-token accuracy and "
        + "perplexity of a small language model, both trained on the row's texts and tested on real "
        + "texts. ± is half a 95 % interval over resampled test texts."
}
