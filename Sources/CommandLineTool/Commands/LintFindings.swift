import Corpus
import Foundation

/// What `lint` prints.
struct LintFindings {
    let report: CorpusLintReport
    /// Records with a label that the label file does not have; nil without a label file.
    let outsideLabelSet: Int?

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
        if let length = report.sequenceLength, let truncated = report.truncatedCount {
            members += [
                .init(key: "sequence_length", value: .integer(length)),
                .init(key: "truncated", value: .integer(truncated)),
                .init(key: "mean_tokens", value: .number(report.meanTokens ?? 0)),
            ]
        }
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
        if let length = report.sequenceLength, let truncated = report.truncatedCount {
            let mean = String(format: "%.1f", report.meanTokens ?? 0)
            lines.append("\(truncated) are longer than \(length) tokens (mean \(mean))")
        }
        lines += report.labels.map(line)
        if let outsideLabelSet {
            lines.append("\(outsideLabelSet) have a label that the label file lacks")
        }
        return lines + ["These counts describe private records: keep them to yourself."]
    }

    private func line(_ column: CorpusLintReport.Column) -> String {
        let advice = column.valueCount * 2 > report.recordCount ? "; is this a label?" : ""
        return "\(column.name): \(column.valueCount) values, "
            + "classes of \(column.smallestClass) to \(column.largestClass) records\(advice)"
    }
}
