/// The main table of a report, before it is written as Markdown or HTML.
struct ReportTable {
    /// Which direction is better.
    enum Better {
        case higher
        case lower
        case neither
    }

    /// One column of numbers.
    struct Column {
        let title: String
        let better: Better
        let decimals: Int
        let value: (ComparisonRow) -> Double?
        /// Half the interval, printed after ±.
        var reach: ((ComparisonRow) -> Double?) = { _ in nil }
    }

    let columns: [Column]
    let rows: [ComparisonRow]

    init(columns: [Column], rows: [ComparisonRow]) {
        self.columns = columns
        self.rows = rows
    }

    init(report: ComparisonReport) {
        rows = report.rows
        let classification = Self.classification(
            of: report.context.labelColumns,
            accuracy: { $0.accuracy },
            accuracyInterval: { $0.accuracyInterval },
            macroF1: { $0.macroF1 },
            macroF1Interval: { $0.macroF1Interval }
        )
        columns = classification + Self.similarity
    }

    /// Values of a classifier, by label column.
    typealias ByColumn<Value> = (RowMetrics) -> [String: Value]?

    /// Accuracy and macro-F1 of a classifier, two columns for each label column.
    static func classification(
        of labelColumns: [String],
        accuracy: @escaping ByColumn<Double>,
        accuracyInterval: @escaping ByColumn<[Double]>,
        macroF1: @escaping ByColumn<Double>,
        macroF1Interval: @escaping ByColumn<[Double]>
    ) -> [Column] {
        labelColumns.flatMap { label in
            let suffix = labelColumns.count > 1 ? " \(label)" : ""
            return [
                Column(
                    title: "Accuracy" + suffix,
                    better: .higher,
                    decimals: 3,
                    value: { accuracy($0.metrics)?[label] },
                    reach: { reach(accuracyInterval($0.metrics)?[label]) }
                ),
                Column(
                    title: "Macro\u{2011}F1" + suffix,
                    better: .higher,
                    decimals: 3,
                    value: { macroF1($0.metrics)?[label] },
                    reach: { reach(macroF1Interval($0.metrics)?[label]) }
                ),
            ]
        }
    }

    private static var similarity: [Column] {
        [
            Column(title: "MAUVE", better: .higher, decimals: 3, value: { $0.metrics.mauve }),
            Column(title: "FID", better: .lower, decimals: 3, value: { $0.metrics.fid }),
            Column(
                title: "Precision",
                better: .higher,
                decimals: 3,
                value: { $0.metrics.precision }
            ),
            Column(title: "Recall", better: .higher, decimals: 3, value: { $0.metrics.recall }),
            Column(
                title: "Length W₁",
                better: .lower,
                decimals: 2,
                value: { $0.metrics.lengthWasserstein }
            ),
            Column(
                title: "Distinct\u{2011}2",
                better: .neither,
                decimals: 3,
                value: { $0.metrics.distinct2 }
            ),
            Column(
                title: "Near\u{2011}dup.",
                better: .neither,
                decimals: 3,
                value: { $0.metrics.nearDuplicates }
            ),
        ]
    }

    static func reach(_ interval: [Double]?) -> Double? {
        guard let interval, interval.count == 2 else { return nil }
        return (interval[1] - interval[0]) / 2
    }

    /// What stands in a cell.
    func text(_ column: Column, _ row: ComparisonRow) -> String {
        let value = ReportNumber.fixed(column.value(row), column.decimals)
        guard let reach = column.reach(row) else { return value }
        return "\(value) ± \(ReportNumber.fixed(reach, column.decimals))"
    }

    /// Whether a method's value is the best of at least two methods that guarantee privacy.
    ///
    /// Methods with ε = ∞ do not compete, unless all have it or none states any.
    func isBest(_ column: Column, _ row: ComparisonRow) -> Bool {
        guard row.reference == nil, let own = column.value(row) else { return false }
        let methods = rows.filter { $0.reference == nil }
        let isPrivate = { (row: ComparisonRow) in row.privacy?.epsilon.isFinite ?? false }
        let rivals = methods.contains(where: isPrivate) ? methods.filter(isPrivate) : methods
        guard rivals.contains(where: { $0.name == row.name }) else { return false }
        let others = rivals.compactMap(column.value)
        guard others.count > 1 else { return false }
        switch column.better {
        case .higher: return own == others.max()
        case .lower: return own == others.min()
        case .neither: return false
        }
    }

    /// ε and δ of a row, or what it is instead.
    func guarantee(_ row: ComparisonRow) -> String {
        guard let claim = row.privacy else { return row.reference == nil ? "not stated" : "–" }
        guard claim.epsilon.isFinite else { return "∞" }
        return ReportNumber.epsilon(claim.epsilon)
    }
}
