/// The middle of repeated measurements.
package enum Median {
    /// The median; the mean of the two in the middle if their number is even; NaN of nothing.
    package static func of(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}
