import Corpus
import Foundation

/// What `lint` prints.
struct LintFindings {
    let report: CorpusLintReport
    /// Records with a label that the label file does not have; nil without a label file.
    let outsideLabelSet: Int?
    /// What a training on them can be expected to give, for one or more epsilons.
    var expectations: [ExpectationText] = []

    private var badReasons: [(reason: String, count: Int)] {
        report.badCounts.map { ($0.key.rawValue, $0.value) }.sorted { $0.0 < $1.0 }
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init(key: "records", value: .integer(report.recordCount)),
            .init(
                key: "bad_records",
                value: .object(badReasons.map { .init(key: $0.reason, value: .integer($0.count)) })
            ),
            .init(key: "exact_duplicates", value: .integer(report.exactDuplicates)),
            .init(key: "near_duplicates", value: .integer(report.nearDuplicates)),
        ]
        if report.userCount > 0 {
            members += [
                .init(key: "users", value: .integer(report.userCount)),
                .init(key: "records_per_user_median", value: .integer(report.medianRecordsPerUser)),
                .init(key: "records_per_user_most", value: .integer(report.mostRecordsPerUser)),
            ]
        }
        if report.usersSpelledTwice > 0 {
            members.append(
                .init(key: "users_spelled_twice", value: .integer(report.usersSpelledTwice))
            )
        }
        if let lengths = report.lengths {
            members += [
                .init(key: "sequence_length", value: .integer(lengths.sequenceLength)),
                .init(key: "truncated", value: .integer(lengths.truncatedCount)),
                .init(key: "mean_tokens", value: .number(lengths.mean)),
                .init(key: "recommended_sequence_length", value: .integer(lengths.recommended)),
                .init(
                    key: "truncated_at_recommended",
                    value: .integer(lengths.truncatedAtRecommended)
                ),
            ]
        }
        members.append(
            .init(
                key: "identifiers",
                value: .object(
                    IdentifierPatterns.Kind.allCases.map {
                        .init(key: $0.rawValue, value: .integer(report.identifiers[$0] ?? 0))
                    }
                )
            )
        )
        members.append(.init(key: "expectation", value: .array(expectations.map(\.json))))
        members.append(.init(key: "labels", value: .object(report.labels.map(Self.member))))
        if let outsideLabelSet {
            members.append(.init(key: "outside_label_set", value: .integer(outsideLabelSet)))
        }
        return .object(members)
    }

    private static func member(_ column: CorpusLintReport.Column) -> JSONValue.Member {
        .init(
            key: column.name,
            value: [
                "values": .integer(column.valueCount),
                "rare_values": .integer(column.rareValueCount),
                "smallest_class": .integer(column.smallestClass),
                "largest_class": .integer(column.largestClass),
            ]
        )
    }

    var lines: [String] {
        var lines = ["\(report.recordCount) usable records"]
        lines += badReasons.map { "  \($0.count) would be dropped: \($0.reason)" }
        lines.append("\(report.exactDuplicates) repeat an earlier text byte for byte")
        lines.append("\(report.nearDuplicates) more nearly repeat one")
        if report.userCount > 0 {
            lines.append(
                "\(report.userCount) users; half have at most \(report.medianRecordsPerUser) "
                    + "records, one has \(report.mostRecordsPerUser)"
            )
        }
        if report.usersSpelledTwice > 0 {
            lines.append(
                "  \(report.usersSpelledTwice) of them differ in spelling alone, such as 1 and 1.0:"
                    + " each spelling counts as a user of its own"
            )
        }
        if let lengths = report.lengths { lines += self.lines(lengths) }
        lines += report.labels.map(line)
        if let outsideLabelSet {
            lines.append("\(outsideLabelSet) have a label that the label file lacks")
        }
        lines += identifierLines
        lines += expectations.flatMap(\.lines)
        return lines + ["These counts describe private records: keep them to yourself."]
    }

    private func line(_ column: CorpusLintReport.Column) -> String {
        let advice = column.valueCount * 2 > report.recordCount ? "; is this a label?" : ""
        let rare =
            column.rareValueCount == 0
            ? "" : ", \(column.rareValueCount) of them under \(CorpusLintReport.Column.rare)"
        return "\(column.name): \(column.valueCount) values, "
            + "classes of \(column.smallestClass) to \(column.largestClass) records\(rare)\(advice)"
    }

    private func lines(_ lengths: CorpusLintReport.Lengths) -> [String] {
        let mean = String(format: "%.1f", lengths.mean)
        return [
            "\(lengths.truncatedCount) are longer than \(lengths.sequenceLength) tokens (mean \(mean))",
            "  --sequence-length \(lengths.recommended) would cut \(lengths.truncatedAtRecommended) of"
                + " them; a step takes about as many times longer",
        ]
    }

    private var identifierLines: [String] {
        let found = IdentifierPatterns.Kind.allCases.compactMap { kind in
            report.identifiers[kind].map { "\(name(kind)) in \($0)" }
        }
        let what = found.isEmpty ? "nothing" : found.joined(separator: ", ")
        return ["by its form an identifier: \(what) (a search for patterns, no guarantee)"]
    }

    private func name(_ kind: IdentifierPatterns.Kind) -> String {
        switch kind {
        case .email: "an e-mail address"
        case .phone: "a phone number"
        case .card: "a card number"
        case .iban: "a bank account"
        case .ssn: "a social security number"
        case .ip: "an IP address"
        }
    }
}
