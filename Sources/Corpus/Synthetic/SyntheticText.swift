/// Synthetic records as read from a file or from the result folder of another system.
package struct SyntheticText: Sendable {
    /// One synthetic record.
    package struct Item: Equatable, Sendable {
        /// The text, valid UTF-8, not empty.
        package let text: [UInt8]
        /// The values of the label columns, in their order.
        package let labels: [[UInt8]]
    }

    /// The file that was read.
    package let path: String
    /// The records that can be used.
    package let items: [Item]
    /// How many rows could not be used.
    package let droppedCount: Int
    /// What a reader of the comparison should know about the source, a sentence each.
    package let notes: [String]
}
