/// The values that each label column may have: public input, never learned from what is released.
///
/// Values are compared byte by byte. `Review Stars: 5.0` and `5.0` are two values where the set has
/// both, and two spellings of one where it has one of them (see `LabelAlignment`).
package struct LabelSet: Sendable {
    /// The label columns, in the order in which labels stand before the text.
    package let columns: [String]
    /// For each column, its values.
    package let values: [[String]]

    private let alignments: [LabelAlignment]

    /// The most values that one column may have.
    package static let valueLimit = 10_000

    /// A label set of these columns and values.
    ///
    /// - Throws: `invalidLabelSet` if a column comes twice or has no value, an empty one, one twice
    ///   or more than 10,000.
    package init(columns: [String], values: [[String]]) throws(CorpusError) {
        guard columns.count == values.count else {
            throw .invalidLabelSet(
                problem: "\(columns.count) columns, but \(values.count) lists of values"
            )
        }
        guard Set(columns.map { Array($0.utf8) }).count == columns.count else {
            throw .invalidLabelSet(problem: "a label column is named twice")
        }
        for (column, values) in zip(columns, values) { try Self.check(values, column: column) }
        self.columns = columns
        self.values = values
        alignments = values.map(LabelAlignment.init)
    }

    private static func check(_ values: [String], column: String) throws(CorpusError) {
        func problem(_ text: String) -> CorpusError {
            .invalidLabelSet(problem: "column \"\(column)\" \(text)")
        }
        guard !values.isEmpty else { throw problem("has no value") }
        guard values.count <= valueLimit else {
            throw problem("has \(values.count) values; at most \(valueLimit) are possible")
        }
        var seen: Set<[UInt8]> = []
        for (place, value) in values.enumerated() {
            guard !value.utf8.isEmpty else { throw problem("has an empty value") }
            guard seen.insert(Array(value.utf8)).inserted else {
                throw problem("has its value number \(place + 1) twice")
            }
        }
    }

    /// The place of the value in its column's list, or nil if the column does not have it.
    package func index(of value: [UInt8], inColumn column: Int) -> Int? {
        alignments[column].classIndex(of: value)
    }

    /// The labels as the set spells them; nil if a column does not have its value.
    package func ownSpelling(of labels: [[UInt8]]) -> [[UInt8]]? {
        indices(of: labels).map { self.labels(at: $0) }
    }

    /// The places of one value per column, or nil if a column does not have its value.
    package func indices(of labels: [[UInt8]]) -> [Int]? {
        guard labels.count == columns.count else { return nil }
        var indices: [Int] = []
        for (column, label) in labels.enumerated() {
            guard let index = index(of: label, inColumn: column) else { return nil }
            indices.append(index)
        }
        return indices
    }

    /// The value at each place, as bytes.
    package func labels(at indices: [Int]) -> [[UInt8]] {
        indices.enumerated().map { Array(values[$0][$1].utf8) }
    }
}

extension LabelSet: Equatable {
    /// Same columns and values, byte by byte, in the same order.
    package static func == (a: LabelSet, b: LabelSet) -> Bool {
        a.bytes == b.bytes
    }

    private var bytes: [[[UInt8]]] {
        ([columns] + values).map { $0.map { Array($0.utf8) } }
    }
}
