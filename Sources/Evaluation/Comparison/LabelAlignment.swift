/// Maps label values of different tools to the same classes.
///
/// Some tools write `Review Stars: 5.0`, others strip the prefix and write `5.0`. A value matches
/// a class when both are equal, or when they are equal after taking the text up to the first ": "
/// off either, provided that names one class only.
struct LabelAlignment {
    /// The public values of the column, in class order.
    let values: [String]
    private let exact: [[UInt8]: Int]
    private let bare: [[UInt8]: Int]

    init(values: [String]) {
        self.values = values
        exact = Dictionary(
            zip(values.map { Array($0.utf8) }, values.indices),
            uniquingKeysWith: { first, _ in first }
        )
        var found: [[UInt8]: Int] = [:]
        var ambiguous: Set<[UInt8]> = []
        for (index, value) in values.enumerated() {
            let key = Self.withoutPrefix(value)
            if let other = found[key], other != index { ambiguous.insert(key) }
            found[key] = index
        }
        for key in ambiguous { found[key] = nil }
        bare = found
    }

    /// The class of a value, or `nil` when it has none.
    func classIndex(of value: String) -> Int? {
        let bytes = Array(value.utf8)
        return exact[bytes] ?? bare[bytes] ?? exact[Self.withoutPrefix(value)]
            ?? bare[Self.withoutPrefix(value)]
    }

    /// The bytes after the first ": ", or all of them.
    private static func withoutPrefix(_ value: String) -> [UInt8] {
        let bytes = Array(value.utf8)
        for index in bytes.indices.dropLast() where bytes[index] == 0x3A && bytes[index + 1] == 0x20
        {
            return Array(bytes[(index + 2)...])
        }
        return bytes
    }
}
