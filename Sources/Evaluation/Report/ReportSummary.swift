/// The sentences that open a report.
struct ReportSummary {
    private let report: ComparisonReport

    init(report: ComparisonReport) { self.report = report }

    /// What a reader should take away, in plain text: two sentences, then one for every budget that
    /// several methods share.
    var text: String { ([lead] + findings).joined(separator: " ") }

    /// The scale of the comparison and its best method.
    var lead: String {
        guard let column = report.context.labelColumns.first else {
            return "\(scale) No label column was given, so no classifier was trained; the rows are "
                + "compared by MAUVE, distances and diversity alone."
        }
        let ranked = ranked(column)
        let best = ranked.first { $0.privacy?.epsilon.isFinite ?? false } ?? ranked.first
        guard let best else {
            return "\(scale) No method's texts carry the label column \(column), so no classifier "
                + "could be trained on them."
        }
        return "\(scale) \(headline(best, column))"
    }

    /// Which method is ahead at each ε.
    var findings: [String] {
        report.context.labelColumns.first.map { duels(ranked($0), $0) } ?? []
    }

    private func ranked(_ column: String) -> [ComparisonRow] {
        report.methods.filter { $0.metrics.accuracy[column] != nil }.sorted {
            accuracy($0, column) > accuracy($1, column)
        }
    }

    private var scale: String {
        "Every row is measured on \(ReportNumber.count(report.context.textsPerRow)) texts against "
            + "\(ReportNumber.count(report.context.testTexts)) real test texts."
    }

    private func accuracy(_ row: ComparisonRow, _ column: String) -> Double {
        row.metrics.accuracy[column] ?? 0
    }

    private func headline(_ best: ComparisonRow, _ column: String) -> String {
        let references: [(ComparisonRow.Reference, String)] = [
            (.real, "real texts reach"), (.untunedBase, "the untuned base model"),
            (.majorityClass, "always answering the most frequent class"),
        ]
        let ceiling = references.compactMap { reference, name in
            report.row(reference)?.metrics.accuracy[column].map {
                "\(name) \(ReportNumber.fixed($0, 3))"
            }
        }
        let guarantee = best.privacy.map { " (ε = \(ReportNumber.epsilon($0.epsilon)))" } ?? ""
        return "A classifier of \(column) trained on \(best.name)\(guarantee) reaches accuracy "
            + "\(ReportNumber.fixed(best.metrics.accuracy[column], 3))\(interval(best, column)); "
            + ceiling.joined(separator: ", ") + "."
    }

    private func interval(_ row: ComparisonRow, _ column: String) -> String {
        guard let interval = row.metrics.accuracyInterval[column], interval.count == 2 else {
            return ""
        }
        return " (95 % interval \(ReportNumber.fixed(interval[0], 3)) to "
            + "\(ReportNumber.fixed(interval[1], 3)))"
    }

    /// For every budget that several methods share: which is ahead, and whether that is certain.
    private func duels(_ ranked: [ComparisonRow], _ column: String) -> [String] {
        var remaining = ranked.filter { $0.privacy != nil }
        var found: [(epsilon: Double, sentence: String)] = []
        while let first = remaining.first, let claim = first.privacy {
            let equals = remaining.filter { $0.privacy.map(claim.spendsAsMuch(as:)) ?? false }
            remaining.removeAll { row in equals.contains { $0.name == row.name } }
            if equals.count > 1 {
                found.append((claim.epsilon, duel(first, equals[1], claim, column)))
            }
        }
        if found.isEmpty, ranked.count > 1 {
            return [
                "No two methods are given at the same ε, so the rows are not a like-for-like ranking."
            ]
        }
        return found.sorted { $0.epsilon < $1.epsilon }.map(\.sentence)
    }

    private func duel(
        _ first: ComparisonRow,
        _ second: ComparisonRow,
        _ claim: PrivacyClaim,
        _ column: String
    ) -> String {
        let upper = second.metrics.accuracyInterval[column]?.last ?? 1
        let lower = first.metrics.accuracyInterval[column]?.first ?? 0
        let budget = "At ε = \(ReportNumber.epsilon(claim.epsilon))"
        let values =
            "\(ReportNumber.fixed(accuracy(first, column), 3)) against "
            + ReportNumber.fixed(accuracy(second, column), 3)
        let verdict =
            lower > upper
            ? "\(budget), \(first.name) serves better than \(second.name): \(values)"
            : "\(budget), \(first.name) and \(second.name) cannot be told apart: \(values), and the "
                + "intervals overlap"
        let differences =
            second.privacy.map { claim.differences(from: $0, named: second.name) } ?? []
        return verdict
            + (differences.isEmpty
                ? "." : " (though the two do not state the same guarantee, see below).")
    }
}
