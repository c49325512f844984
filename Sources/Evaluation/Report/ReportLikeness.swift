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
