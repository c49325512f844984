/// What a report says of label values: how they are mixed, and how well each is told.
struct ReportLabels {
    let report: ComparisonReport

    /// Columns whose values are listed.
    var columns: [String] { report.context.labelColumns.filter { !mix(of: $0).isEmpty } }

    /// The share of each value in the test texts and in each line, side by side.
    func mixes(_ column: String) -> ReportGrid {
        let lines = report.lines.filter { $0.rows[0].metrics.labelMix?[column] != nil }
        let rows = mix(of: column).enumerated().map { place, value in
            [value.label, ReportNumber.fixed(value.share, 3)]
                + lines.map { share(place, column, $0.rows[0]) }
        }
        let distances = lines.map { line in
            ReportNumber.fixed(line.rows[0].metrics.labelMixDistance?[column], 3)
        }
        return ReportGrid(
            [column, "real test texts"] + lines.map(\.name),
            rows: rows + [["differs by", "–"] + distances]
        )
    }

    /// Under that table.
    static let mixesCaption =
        "Share of the texts with each label. Differs by: the share of texts that would need another label "
        + "to be mixed as the real test texts are. Of several runs the first is shown. State the mix that "
        + "you expect when you sample."

    /// F1, precision and recall of each value; nil where no classifier was trained.
    func scores(_ column: String) -> ReportGrid? {
        let lines = report.lines.filter { $0.rows[0].metrics.labelScores?[column] != nil }
        guard let first = lines.first?.rows[0].metrics.labelScores?[column] else { return nil }
        let rows = first.indices.map { place -> [String] in
            [first[place].label, String(first[place].support)]
                + lines.map { line in
                    guard let score = line.rows[0].metrics.labelScores?[column]?[place] else {
                        return "–"
                    }
                    return "\(ReportNumber.fixed(score.f1, 2)) "
                        + "(\(ReportNumber.fixed(score.precision, 2)), "
                        + "\(ReportNumber.fixed(score.recall, 2)))"
                }
        }
        return ReportGrid([column, "test texts"] + lines.map(\.name), rows: rows)
    }

    /// Under that table.
    static let scoresCaption =
        "F1 (precision, recall) of each label on the real test texts, by the classifier that each row "
        + "taught. Precision: how many of those that it gave the label have it. Recall: how many that have "
        + "it were given it. Of several runs the first is shown."

    /// The row's accuracy with other judges: at the fixed C, and at the test texts' label mix.
    var judges: ReportTable? {
        let labels = report.context.labelColumns
        let lines = report.lines.filter { line in
            labels.contains { line.metrics.tunedAccuracy[$0] != nil }
        }
        guard !lines.isEmpty else { return nil }
        let hasMix = lines.contains { !$0.metrics.equalMixAccuracy.isEmpty }
        let columns = labels.flatMap { label -> [ReportTable.Column] in
            let suffix = labels.count > 1 ? " \(label)" : ""
            let fixed: [ReportTable.Column] = [
                .init(title: "Accuracy\(suffix), C = 1", better: .higher, decimals: 3) {
                    $0.accuracy[label]
                },
                .init(title: "Macro\u{2011}F1\(suffix), C = 1", better: .higher, decimals: 3) {
                    $0.macroF1[label]
                },
            ]
            let mixed: [ReportTable.Column] = [
                .init(title: "Accuracy\(suffix), test mix", better: .higher, decimals: 3) {
                    $0.equalMixAccuracy[label]
                },
                .init(title: "Macro\u{2011}F1\(suffix), test mix", better: .higher, decimals: 3) {
                    $0.equalMixMacroF1[label]
                },
            ]
            return fixed + (hasMix ? mixed : [])
        }
        return ReportTable(columns: columns, lines: lines, countsRuns: report.hasSeveralRuns)
    }

    /// Under that table.
    var judgesCaption: String {
        let chosen = report.rows.flatMap { row in
            report.context.labelColumns.compactMap { column in
                row.metrics.tuned?.inverseRegularization[column].map { c in
                    let suffix = report.context.labelColumns.count > 1 ? " (\(column))" : ""
                    return "\(row.name)\(suffix) \(ReportNumber.short(c))"
                }
            }
        }
        let mixed =
            report.lines.contains { !$0.metrics.equalMixAccuracy.isEmpty }
            ? " Test mix: each row's texts resampled, for each seed, to the label mix of the real test texts, "
                + "so that rows differ in their texts alone." : ""
        return
            "C = 1: the classifier at the C that every row has in common. C that cross-validation chose "
            + "for the main table: \(chosen.joined(separator: ", ")).\(mixed)"
    }

    private func mix(of column: String) -> [LabelShare] {
        report.context.testLabelMix[column] ?? []
    }

    private func share(_ place: Int, _ column: String, _ row: ComparisonRow) -> String {
        ReportNumber.fixed(row.metrics.labelMix?[column]?[place].share, 3)
    }
}
