/// What `CorpusLint` found: private, and without a word of any record.
package struct CorpusLintReport: Equatable, Sendable {
    /// What was found about one label column.
    package struct Column: Equatable, Sendable {
        /// The column's name in the header.
        package let name: String
        /// How many different values it has; as many as records means that it is no label.
        package let valueCount: Int
        /// Records of the rarest value.
        package let smallestClass: Int
        /// Records of the most frequent value.
        package let largestClass: Int
    }

    /// Records that can be used.
    package let recordCount: Int
    /// Records that would be dropped, by reason.
    package let badCounts: [BadRecord.Reason: Int]
    /// Records whose text equals an earlier one's, byte by byte.
    package let exactDuplicates: Int
    /// Further records that share about 80 % of an earlier one's five-byte shingles, estimated.
    package let nearDuplicates: Int
    /// How many users there are; 0 without a user column.
    package let userCount: Int
    /// Records of the user in the middle.
    package let medianRecordsPerUser: Int
    /// Records of the user with most.
    package let mostRecordsPerUser: Int
    /// The sequence length at which truncation was judged.
    package let sequenceLength: Int?
    /// Records that are longer than the sequence length.
    package let truncatedCount: Int?
    /// Mean tokens of a record, labels and end-of-text included, before truncation.
    package let meanTokens: Double?
    /// The label columns, in order.
    package let labels: [Column]
}
