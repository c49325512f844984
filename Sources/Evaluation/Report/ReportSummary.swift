/// The sentences that open a report.
struct ReportSummary {
    private let report: ComparisonReport

    init(report: ComparisonReport) { self.report = report }

    /// What a reader should take away, two or three sentences of plain text.
    var text: String {
        guard let column = report.context.labelColumns.first else {
            return "\(scale) No label column was given, so no classifier was trained; the rows are "
                + "compared by MAUVE, distances and diversity alone."
        }
        let ranked = report.methods.filter { $0.metrics.accuracy[column] != nil }.sorted {
            ($0.metrics.accuracy[column] ?? 0) > ($1.metrics.accuracy[column] ?? 0)
        }
        guard let best = ranked.first else {
            return "\(scale) No method's texts carry the label column \(column), so no classifier "
                + "could be trained on them."
        }
        var sentences = [scale, headline(best, column)]
        if ranked.count > 1 { sentences.append(comparison(best, ranked[1], column)) }
        return sentences.joined(separator: " ")
    }

    private var scale: String {
        "Every row is measured on \(ReportNumber.count(report.context.textsPerRow)) texts against "
            + "\(ReportNumber.count(report.context.testTexts)) real test texts."
    }

    private func headline(_ best: ComparisonRow, _ column: String) -> String {
        func value(_ row: ComparisonRow?) -> String {
            ReportNumber.fixed(row?.metrics.accuracy[column], 3)
        }
        let interval = best.metrics.accuracyInterval[column] ?? [0, 0]
        let guarantee = best.privacy.map { " (ε = \(ReportNumber.epsilon($0.epsilon)))" } ?? ""
        return "A classifier of \(column) trained on \(best.name)\(guarantee) reaches accuracy "
            + "\(value(best)) (95 % interval \(ReportNumber.fixed(interval[0], 3)) to "
            + "\(ReportNumber.fixed(interval[1], 3))); real texts reach \(value(report.row(.real))), "
            + "the untuned base model \(value(report.row(.untunedBase))), always answering the most "
            + "frequent class \(value(report.row(.majorityClass)))."
    }

    private func comparison(
        _ best: ComparisonRow,
        _ second: ComparisonRow,
        _ column: String
    ) -> String {
        let upper = second.metrics.accuracyInterval[column]?.last ?? 1
        let lower = best.metrics.accuracyInterval[column]?.first ?? 0
        let value = ReportNumber.fixed(second.metrics.accuracy[column], 3)
        let clause =
            lower > upper
            ? "is clearly behind with \(value)"
            : "follows with \(value), and the intervals overlap: this comparison cannot tell the two "
                + "apart"
        let isFair =
            best.privacy != nil && second.privacy != nil
            && best.privacy.map { claim in
                second.privacy.map { claim.differences(from: $0, named: "").isEmpty } ?? false
            } ?? false
        return "\(second.name) \(clause)."
            + (isFair
                ? ""
                : " The two do not state the same guarantee, so this is not a like-for-like ranking.")
    }
}
