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
