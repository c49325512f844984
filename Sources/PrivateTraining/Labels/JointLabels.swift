import Corpus

/// Counts records by the combination of their label values, over all public combinations.
struct JointLabels {
    /// The most combinations that a histogram may have.
    static let limit = 100_000

    private let labels: LabelSet
    /// One private count for each combination, the last column changing fastest.
    private(set) var counts: [Double]

    /// Zero for every combination; no bins at all beyond `limit`.
    init(_ labels: LabelSet) {
        self.labels = labels
        var size = labels.columns.isEmpty ? 0 : 1
        for values in labels.values {
            let (product, overflow) = size.multipliedReportingOverflow(by: values.count)
            size = overflow ? Int.max : product
        }
        counts = Array(repeating: 0, count: size > Self.limit ? 0 : size)
    }

    /// Adds a record; one with a value outside the set does not count.
    mutating func count(_ record: [[UInt8]]) {
        guard !counts.isEmpty, let indices = labels.indices(of: record) else { return }
        var place = 0
        for (column, index) in indices.enumerated() {
            place = place * labels.values[column].count + index
        }
        counts[place] += 1
    }

    /// The label values of bin `place`, one a column.
    func values(at place: Int) -> [String] {
        var rest = place
        var values: [String] = []
        for column in labels.columns.indices.reversed() {
            let choices = labels.values[column]
            values.append(choices[rest % choices.count])
            rest /= choices.count
        }
        return values.reversed()
    }
}
