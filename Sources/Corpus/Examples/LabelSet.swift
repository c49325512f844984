package import Messages

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

    /// A value of each column, every one of them equally likely, as places in the columns' lists.
    package func drawnEvenly(using generator: inout some RandomNumberGenerator) -> [Int] {
        values.map { Int.random(in: 0..<$0.count, using: &generator) }
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

extension LabelSet {
    /// More values than this, and a column looks like names or text rather than labels.
    private static let usualCount = 100

    /// What a user must know where these values were read off a corpus.
    ///
    /// - Parameter unitCount: N as it is published.
    /// - Returns: That they are treated as public, and which columns hardly hold labels; no value.
    package func warningsWhereFound(among unitCount: Int) -> [Message] {
        guard !columns.isEmpty else { return [] }
        let general: Message =
            "The label values found in the data are treated as public."
            + " Pass \(.labelValues) to state them yourself."
        return [general]
            + zip(columns, values).compactMap { column, values in
                guard Self.isSuspicious(values.count, among: unitCount) else { return nil }
                return
                    "WARNING: the label column \"\(column)\" has \(values.count) values, and all of"
                    + " them become public. A value that few records have gives those records away: pass"
                    + " \(.labelValues) with values that are public anyway, or leave the column out."
            }
    }

    private static func isSuspicious(_ count: Int, among unitCount: Int) -> Bool {
        count > usualCount || (count > 20 && count * 10 > unitCount)
    }
}

/// Coded as a list of columns, because the order of columns matters and objects have none.
extension LabelSet: Codable {
    private struct Column: Codable {
        let name: String
        let values: [String]
    }

    /// Decodes and checks a label set.
    package init(from decoder: any Decoder) throws {
        let columns = try [Column](from: decoder)
        try self.init(columns: columns.map(\.name), values: columns.map(\.values))
    }

    /// Encodes `[{"name": …, "values": […]}, …]`.
    package func encode(to encoder: any Encoder) throws {
        try zip(columns, values).map { Column(name: $0, values: $1) }.encode(to: encoder)
    }
}

/// Which value of a label column a spelling means.
///
/// Some tools and files write `Review Stars: 5.0`, others strip the prefix and write `5.0`. A spelling
/// means a value when both are equal, or when they are equal after taking the text up to the first
/// ": " off either, provided that names one value only.
package struct LabelAlignment: Sendable {
    /// The public values of the column, in class order.
    package let values: [String]
    private let exact: [[UInt8]: Int]
    private let bare: [[UInt8]: Int]

    /// Of equal values the first one counts.
    package init(values: [String]) {
        self.values = values
        exact = Dictionary(
            zip(values.map { Array($0.utf8) }, values.indices),
            uniquingKeysWith: { first, _ in first }
        )
        var found: [[UInt8]: Int] = [:]
        var ambiguous: Set<[UInt8]> = []
        for (index, value) in values.enumerated() {
            let key = Self.withoutPrefix(Array(value.utf8))
            if let other = found[key], other != index { ambiguous.insert(key) }
            found[key] = index
        }
        for key in ambiguous { found[key] = nil }
        bare = found
    }

    /// The class of a value, or `nil` when it has none.
    package func classIndex(of value: String) -> Int? { classIndex(of: Array(value.utf8)) }

    /// The same for bytes.
    package func classIndex(of value: [UInt8]) -> Int? {
        if let index = exact[value] ?? bare[value] { return index }
        let stripped = Self.withoutPrefix(value)
        return exact[stripped] ?? bare[stripped]
    }

    /// The bytes after the first ": ", or all of them.
    private static func withoutPrefix(_ bytes: [UInt8]) -> [UInt8] {
        for index in bytes.indices.dropLast() where bytes[index] == 0x3A && bytes[index + 1] == 0x20
        {
            return Array(bytes[(index + 2)...])
        }
        return bytes
    }
}
