import Foundation

/// Looks for what would spoil private training: duplicates, heavy users, truncation, odd labels.
///
/// All results are computed on private records without noise: show them to the owner, release nothing.
/// Memory is a few hundred bytes a record.
package struct CorpusLint {
    private let encoder: ExampleEncoder?
    private let labelColumns: [String]
    private let largestLength: Int?
    private var badCounts: [BadRecord.Reason: Int] = [:]
    private var recordCount = 0
    private var exactDuplicates = 0
    private var nearDuplicates = 0
    private var seen: Set<SIMD2<UInt64>> = []
    private var index = NearDuplicateIndex()
    private var recordsOfUser: [[UInt8]: Int] = [:]
    private var labelCounts: [[[UInt8]: Int]]
    private var lengths: [Int] = []
    private var identifierCounts: [IdentifierPatterns.Kind: Int] = [:]

    /// Prepares to look at records.
    ///
    /// - Parameters:
    ///   - labelColumns: The names of the label columns that records have values for.
    ///   - encoder: Gives lengths in tokens; without it nothing is said about truncation.
    ///   - largestLength: The most tokens that the model reads.
    package init(
        labelColumns: [String],
        encoder: ExampleEncoder? = nil,
        largestLength: Int? = nil
    ) {
        self.largestLength = largestLength
        self.labelColumns = labelColumns
        self.encoder = encoder
        labelCounts = Array(repeating: [:], count: labelColumns.count)
    }

    /// Takes what the reader gives.
    package mutating func add(_ outcome: CorpusReader.Outcome) {
        switch outcome {
        case .bad(let bad): badCounts[bad.reason, default: 0] += 1
        case .record(let record): add(record)
        }
    }

    private mutating func add(_ record: Record) {
        recordCount += 1
        if !seen.insert(Self.digest(record.text)).inserted {
            exactDuplicates += 1
        } else if index.insert(record.text) {
            nearDuplicates += 1
        }
        if let user = record.user { recordsOfUser[user, default: 0] += 1 }
        for (column, label) in record.labels.enumerated() {
            labelCounts[column][label, default: 0] += 1
        }
        for kind in IdentifierPatterns.kinds(in: record.text) {
            identifierCounts[kind, default: 0] += 1
        }
        if let encoder { lengths.append(encoder.fullLength(of: record)) }
    }

    /// The label values found, sorted: what `--label-values` takes once somebody has read them.
    ///
    /// - Throws: `invalidLabelSet` for a column without values or with too many.
    package func labelSet() throws(CorpusError) -> LabelSet {
        try LabelSet(
            columns: labelColumns,
            values: labelCounts.map { counts in
                counts.keys.sorted { $0.lexicographicallyPrecedes($1) }
                    .map { String(decoding: $0, as: UTF8.self) }
            }
        )
    }

    /// Users whose ids differ in spelling alone: in case, in spaces around, or as `1` and `1.0` do.
    private var usersSpelledTwice: Int {
        var spellings: [String: Int] = [:]
        for user in recordsOfUser.keys {
            let text = String(decoding: user, as: UTF8.self)
                .trimmingCharacters(in: .whitespaces).lowercased()
            spellings[Double(text).map { "\($0)" } ?? text, default: 0] += 1
        }
        return spellings.values.filter { $0 > 1 }.reduce(0, +)
    }

    /// 128 bits of two hashes: a chance below 1e-24 that two of a million texts collide.
    private static func digest(_ text: [UInt8]) -> SIMD2<UInt64> {
        var hash = SIMD2<UInt64>(0xCBF2_9CE4_8422_2325, 0x9AE1_6A3B_2F90_404F)
        let factors = SIMD2<UInt64>(0x100_0000_01B3, 0x9E37_79B9_7F4A_7C15)
        for byte in text {
            hash = (hash ^ SIMD2(repeating: UInt64(byte))) &* factors
            hash ^= hash &>> 29
        }
        return hash
    }

    /// What was found so far.
    package var report: CorpusLintReport {
        let perUser = recordsOfUser.values.sorted()
        return CorpusLintReport(
            recordCount: recordCount,
            badCounts: badCounts,
            exactDuplicates: exactDuplicates,
            nearDuplicates: nearDuplicates,
            userCount: perUser.count,
            medianRecordsPerUser: perUser.isEmpty ? 0 : perUser[perUser.count / 2],
            mostRecordsPerUser: perUser.last ?? 0,
            usersSpelledTwice: usersSpelledTwice,
            lengths: encoder.map {
                .init(lengths, sequenceLength: $0.sequenceLength, largest: largestLength)
            },
            identifiers: identifierCounts,
            labels: zip(labelColumns, labelCounts).map { name, counts in
                CorpusLintReport.Column(
                    name: name,
                    valueCount: counts.count,
                    rareValueCount: counts.values.count { $0 < CorpusLintReport.Column.rare },
                    smallestClass: counts.values.min() ?? 0,
                    largestClass: counts.values.max() ?? 0
                )
            }
        )
    }
}

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
