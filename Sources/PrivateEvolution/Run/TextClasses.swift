package import Corpus
import Messages

/// The classes of labelled text: every combination of label values, or one class without labels.
///
/// They are public input and complete: a class without records exists like any other.
package struct TextClasses: Sendable {
    /// The most classes; beyond, hardly any would have votes.
    static let limit = 10_000

    /// The label columns and their values; nil without labels.
    package let labelSet: LabelSet?
    /// How many classes there are, at least 1.
    package let count: Int

    /// The classes of a label set.
    ///
    /// - Throws: `PrivateEvolutionError.invalidSetting` for more than 10,000 combinations.
    package init(_ labelSet: LabelSet?) throws(PrivateEvolutionError) {
        var count = 1
        for values in labelSet?.values ?? [] {
            count *= values.count
            guard count <= Self.limit else {
                throw .invalidSetting(
                    name: "the number of label combinations",
                    value: "over \(Self.limit)",
                    requirement: "at most \(Self.limit); choose fewer label columns"
                )
            }
        }
        self.labelSet = labelSet
        self.count = count
    }

    /// The class of these labels; nil if a value is not in the set.
    package func index(of labels: [[UInt8]]) -> Int? {
        guard let labelSet else { return 0 }
        guard let places = labelSet.indices(of: labels) else { return nil }
        return zip(places, labelSet.values).reduce(0) { $0 * $1.1.count + $1.0 }
    }

    /// The label values of a class, one a column; none without labels.
    package func labels(ofClass index: Int) -> [[UInt8]] {
        guard let labelSet else { return [] }
        var rest = index
        var places: [Int] = []
        for values in labelSet.values.reversed() {
            places.insert(rest % values.count, at: 0)
            rest /= values.count
        }
        return labelSet.labels(at: places)
    }

    /// The labels of a class in one line, as the training string begins.
    package func line(ofClass index: Int) -> String {
        String(
            decoding: Array(labels(ofClass: index).joined(separator: [0x09])),
            as: UTF8.self
        )
    }
}
