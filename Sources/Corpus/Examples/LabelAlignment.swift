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
