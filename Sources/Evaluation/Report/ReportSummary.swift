/// The sentences that open a report.
///
/// They speak of methods, each by the mean of its runs at one ε, never of the best of several runs.
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
        guard let best = ranked.first(where: \.isPrivate) ?? ranked.first else {
            return
                "\(scale) No method's texts carry labels of \(column) that are known here, so no "
                + "classifier could be trained on them."
        }
        return "\(scale) \(headline(best, column))"
    }

    /// Which method is ahead at each ε, by each label column.
    var findings: [String] {
        let columns = report.context.labelColumns
        let found = columns.flatMap { column in
            duels(ranked(column), columns.count > 1 ? " by \(column)" : "", column)
        }
        if found.isEmpty, columns.contains(where: { ranked($0).count > 1 }) {
            return [
                "No two methods are given at the same ε, so the rows are not a like-for-like ranking."
            ]
        }
        return found
    }

    private func ranked(_ column: String) -> [ComparisonGroup] {
        report.groups.filter { $0.metrics.judgedAccuracy[column] != nil }.sorted {
            accuracy($0, column) > accuracy($1, column)
        }
    }

    private var scale: String {
        "Every row is measured on \(ReportNumber.count(report.context.textsPerRow)) texts against "
            + "\(ReportNumber.count(report.context.testTexts)) real test texts."
    }

    private func accuracy(_ group: ComparisonGroup, _ column: String) -> Double {
        group.metrics.judgedAccuracy[column]?.mean ?? 0
    }

    private func headline(_ best: ComparisonGroup, _ column: String) -> String {
        let references: [(ComparisonRow.Reference, String)] = [
            (.real, "real texts reach"), (.untunedBase, "the untuned base model"),
            (.majorityClass, "always answering the most frequent class"),
        ]
        let ceiling = references.compactMap { reference, name in
            report.row(reference)?.metrics.judgedAccuracy[column].map {
                "\(name) \(ReportNumber.fixed($0, 3))"
            }
        }
        let budget = best.privacy.map { "ε = \(ReportNumber.epsilon($0.epsilon)), " } ?? ""
        let runs = best.rows.count == 1 ? "one run" : "mean of \(best.rows.count) runs"
        return "A classifier of \(column) trained on \(best.method) (\(budget)\(runs)) reaches "
            + "accuracy \(ReportNumber.fixed(accuracy(best, column), 3))\(interval(best, column)); "
            + ceiling.joined(separator: ", ") + "."
    }

    private func interval(_ group: ComparisonGroup, _ column: String) -> String {
        guard let interval = group.metrics.judgedAccuracy[column]?.interval, interval.count == 2
        else {
            return ""
        }
        guard interval[0] > 0 || interval[1] < 1 else {
            return " (so few runs that their 95 % interval holds every accuracy)"
        }
        return " (95 % interval \(ReportNumber.fixed(max(0, interval[0]), 3)) to "
            + "\(ReportNumber.fixed(min(1, interval[1]), 3)))"
    }

    /// For every budget that several methods share: which is ahead, whether that is certain, and where
    /// the others are.
    private func duels(_ ranked: [ComparisonGroup], _ criterion: String, _ column: String)
        -> [String]
    {
        Set(ranked.compactMap(\.budget)).sorted().compactMap { budget in
            let equals = ranked.filter { $0.budget == budget }
            guard equals.count > 1 else { return nil }
            return "At ε = \(ReportNumber.epsilon(budget))\(criterion), "
                + duel(equals[0], equals[1], column) + others(equals.dropFirst(2), column)
                + ReportLikeness.sentence(equals[0], equals[1])
        }
    }

    private func others(_ groups: ArraySlice<ComparisonGroup>, _ column: String) -> String {
        guard !groups.isEmpty else { return "" }
        let places = groups.map {
            "\($0.method) reaches \(ReportNumber.fixed(accuracy($0, column), 3))"
        }
        return " Behind them, " + places.joined(separator: ", ") + "."
    }

    private func duel(
        _ first: ComparisonGroup,
        _ second: ComparisonGroup,
        _ column: String
    ) -> String {
        let gap = accuracy(first, column) - accuracy(second, column)
        // Of the numbers beside it as they are printed.
        let printedGap =
            ReportNumber.rounded(accuracy(first, column), 3)
            - ReportNumber.rounded(accuracy(second, column), 3)
        let reach = first.metrics.judgedAccuracy[column].flatMap { own in
            second.metrics.judgedAccuracy[column].flatMap(own.differenceReach(to:))
        }
        let isCertain = first.rows.count > 1 && second.rows.count > 1
        let values =
            "\(ReportNumber.fixed(accuracy(first, column), 3)) against "
            + "\(ReportNumber.fixed(accuracy(second, column), 3)) (\(Self.runs(first, second))), a "
            + "difference of \(ReportNumber.fixed(printedGap, 3))"
            + (reach.map { " ± \(ReportNumber.fixed($0, 3))" } ?? "")
        let verdict =
            switch (gap > reach ?? .infinity, isCertain) {
            case (true, true): "\(first.method) serves better than \(second.method): \(values)"
            case (true, false):
                "\(first.method) scores higher than \(second.method): \(values), but the interval of "
                    + "a single run does not say how far another would differ"
            case (false, _):
                "\(first.method) and \(second.method) cannot be told apart: \(values)"
            }
        let claims = (first.rows.compactMap(\.privacy), second.rows.compactMap(\.privacy))
        let differences = claims.0.contains { own in
            claims.1.contains { !own.differences(from: $0, named: second.method).isEmpty }
        }
        return verdict
            + (differences ? " (though the two do not state the same guarantee, see below)." : ".")
    }

    /// What the two numbers of a verdict are.
    private static func runs(_ first: ComparisonGroup, _ second: ComparisonGroup) -> String {
        switch (first.rows.count, second.rows.count) {
        case (1, 1): "one run each"
        case (let one, let other) where one == other: "means of \(one) runs each"
        case (1, let other): "one run against the mean of \(other)"
        case (let one, 1): "mean of \(one) runs against one run"
        case (let one, let other): "means of \(one) and of \(other) runs"
        }
    }
}

/// How like real text the texts of methods are, in sentences: what their accuracies do not say.
enum ReportLikeness {
    /// The means of two methods, with a space before it; empty if nothing was measured for both.
    static func sentence(_ first: ComparisonGroup, _ second: ComparisonGroup) -> String {
        let pairs = ReportTable.Column.likeness.compactMap { measure -> String? in
            guard let own = measure.value(first.metrics)?.mean,
                let other = measure.value(second.metrics)?.mean
            else { return nil }
            return "\(measure.name) \(ReportNumber.fixed(own, 3)) against "
                + ReportNumber.fixed(other, 3)
        }
        guard !pairs.isEmpty else { return "" }
        return " Likeness to real text, in the same order: " + pairs.joined(separator: ", ") + "."
    }

    /// One method beside real text and the untuned model; empty if nothing was measured.
    ///
    /// It ranks nothing: these measures have no interval within one run.
    static func sentence(of group: ComparisonGroup, in report: ComparisonReport) -> String {
        func value(_ measure: ReportTable.Column, _ reference: ComparisonRow.Reference) -> String? {
            let line = report.lines.first { $0.reference == reference }
            return (line?.metrics).flatMap { measure.value($0)?.mean }
                .map { ReportNumber.fixed($0, 3) }
        }
        let measures: [(ReportTable.Column, String)] = [
            (.mauve, "MAUVE"), (.recall, "share of real texts that have a like one among them"),
        ]
        let parts = measures.compactMap { measure, name -> String? in
            guard let own = measure.value(group.metrics)?.mean else { return nil }
            let others = [
                value(measure, .real).map { "real text \($0)" },
                value(measure, .untunedBase).map { "untuned model \($0)" },
            ].compactMap(\.self)
            let beside = others.isEmpty ? "" : " (\(others.joined(separator: ", ")))"
            return "\(name) \(ReportNumber.fixed(own, 3))\(beside)"
        }
        return parts.isEmpty ? "" : "Likeness to real text: \(parts.joined(separator: "; "))."
    }
}
