import Corpus

/// The public combinations of label values, as bins of a histogram.
struct JointLabels {
    /// The most combinations that a histogram may have.
    static let limit = 100_000

    private let labels: LabelSet
    /// The number of combinations, the last column changing fastest; 0 beyond `limit`.
    let count: Int

    /// The combinations of a label set; none if it has no columns.
    init(_ labels: LabelSet) {
        self.labels = labels
        var size = labels.columns.isEmpty ? 0 : 1
        for values in labels.values {
            let (product, overflow) = size.multipliedReportingOverflow(by: values.count)
            size = overflow ? Int.max : product
        }
        count = size > Self.limit ? 0 : size
    }

    /// The bin of a record's label values; nil for a value outside the set.
    func bin(of record: [[UInt8]]) -> Int? {
        guard count > 0, let indices = labels.indices(of: record) else { return nil }
        return zip(labels.values, indices).reduce(0) { $0 * $1.0.count + $1.1 }
    }

    /// The label values of bin `bin`, one a column.
    func values(of bin: Int) -> [String] {
        var rest = bin
        var values: [String] = []
        for column in labels.columns.indices.reversed() {
            let choices = labels.values[column]
            values.append(choices[rest % choices.count])
            rest /= choices.count
        }
        return values.reversed()
    }
}
