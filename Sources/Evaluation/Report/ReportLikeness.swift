/// How like real text the texts of two methods are, in a sentence: what their accuracies do not say.
enum ReportLikeness {
    private static let measures:
        [(name: String, value: @Sendable (GroupMetrics) -> RunStatistics?)] = [
            ("MAUVE", { $0.mauve }), ("FID", { $0.fid }), ("precision", { $0.precision }),
            ("recall", { $0.recall }),
        ]

    /// The means of both, with a space before it; empty if nothing was measured for both.
    static func sentence(_ first: ComparisonGroup, _ second: ComparisonGroup) -> String {
        let pairs = measures.compactMap { measure -> String? in
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
