/// What `CorpusLint` found: private, and without a word of any record.
package struct CorpusLintReport: Equatable, Sendable {
    /// What was found about one label column.
    package struct Column: Equatable, Sendable {
        /// The column's name in the header.
        package let name: String
        /// How many different values it has; as many as records means that it is no label.
        package let valueCount: Int
        /// How many of them fewer than `rare` records have: whoever makes them public gives those away.
        package let rareValueCount: Int
        /// Records of the rarest value.
        package let smallestClass: Int
        /// Records of the most frequent value.
        package let largestClass: Int

        /// A value of fewer records than this is rare.
        package static let rare = 10
    }

    /// How long records are in tokens, labels and end-of-text included, before truncation.
    package struct Lengths: Equatable, Sendable {
        /// The sequence length at which truncation was judged.
        package let sequenceLength: Int
        /// Records that are longer than that.
        package let truncatedCount: Int
        /// Tokens of a record in the mean.
        package let mean: Double
        /// The smallest multiple of 16 that at most one record in 20 is longer than, as far as the
        /// model reads.
        package let recommended: Int
        /// Records that are longer than the recommended length.
        package let truncatedAtRecommended: Int

        init(_ lengths: [Int], sequenceLength: Int, largest: Int?) {
            self.sequenceLength = sequenceLength
            truncatedCount = lengths.count { $0 > sequenceLength }
            mean = Double(lengths.reduce(0, +)) / Double(max(lengths.count, 1))
            let sorted = lengths.sorted()
            let long = sorted.isEmpty ? 2 : sorted[sorted.count - 1 - sorted.count / 20]
            let recommended = min((max(long, 1) + 15) / 16 * 16, largest ?? .max)
            self.recommended = recommended
            truncatedAtRecommended = lengths.count { $0 > recommended }
        }
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
    /// Users whose ids are spelled in another way elsewhere, such as `1` and `1.0`: each is two users.
    package let usersSpelledTwice: Int
    /// Lengths, if there was a tokenizer to count by.
    package let lengths: Lengths?
    /// Records in which something has the form of an identifier.
    package let identifiers: [IdentifierPatterns.Kind: Int]
    /// The label columns, in order.
    package let labels: [Column]
}
