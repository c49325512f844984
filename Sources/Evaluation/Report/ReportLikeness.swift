/// How like real text the texts of two methods are, in a sentence: what their accuracies do not say.
enum ReportLikeness {
    /// The means of both, with a space before it; empty if nothing was measured for both.
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
}
