/// Whether texts lie nearer to what was trained on than to what was not, in a table and in words.
struct ReportCloseness {
    let report: ComparisonReport

    /// One line a row; nil where nothing was measured.
    var grid: ReportGrid? {
        let rows = report.rows.compactMap { row in
            row.metrics.closeness.map { closeness in
                [
                    row.name, Self.text(closeness),
                    ReportNumber.fixed(closeness.truePositiveRate, 3),
                    ReportNumber.fixed(closeness.trainingDistance, 3),
                    ReportNumber.fixed(closeness.heldOutDistance, 3), Self.finding(closeness),
                ]
            }
        }
        guard !rows.isEmpty else { return nil }
        return ReportGrid(
            [
                "Row", "AUC", "Found at 1 %", "Distance, trained on", "Distance, held out",
                "In words",
            ],
            texts: ["In words"],
            rows: rows
        )
    }

    /// Under that table.
    var caption: String {
        let sizes = report.rows.lazy.compactMap(\.metrics.closeness).first
        let counts = sizes.map {
            "\(ReportNumber.count($0.trainingRecords)) training records and "
                + "\(ReportNumber.count($0.heldOutRecords)) real test texts, the baseline"
        }
        return
            "Internal, not differentially private. Who holds a record asks how near the nearest synthetic "
            + "text is, for \(counts ?? "training records and real test texts"). AUC: the chance that a "
            + "record that was trained on is nearer than one that was not, with its 95 % interval; 0.5 is "
            + "chance. Found at 1 %: the share of training records that are found where 1 % of the others "
            + "are taken for one. Distances are medians, by embedding. This finds copies; the guarantee, "
            + "not this table, says what nobody can find."
    }

    private static func text(_ closeness: MembershipCloseness) -> String {
        "\(ReportNumber.fixed(closeness.auc, 3)) (\(ReportNumber.fixed(closeness.interval[0], 3)) to "
            + "\(ReportNumber.fixed(closeness.interval[1], 3)))"
    }

    /// What the interval carries.
    static func finding(_ closeness: MembershipCloseness) -> String {
        if closeness.interval[0] > 0.5 {
            return
                "records that were trained on lie nearer than others: the texts tell who was among "
                + "them, or the two files differ otherwise"
        }
        if closeness.interval[1] < 0.5 {
            return
                "records that were trained on lie farther than others: the two files differ otherwise"
        }
        return "no nearer to records that were trained on than to others, as far as can be measured"
    }

    /// A sentence for a verdict; empty unless some run's interval lies above chance.
    static func warning(of group: ComparisonGroup) -> String {
        let worst = group.rows.compactMap(\.metrics.closeness).filter { $0.interval[0] > 0.5 }
            .max { $0.auc < $1.auc }
        guard let worst else { return "" }
        return "Closeness: \(finding(worst)) (AUC \(text(worst)); 0.5 is chance)."
    }
}
