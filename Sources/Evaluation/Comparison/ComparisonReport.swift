import DifferentialPrivacy
public import Foundation

/// The outcome of a comparison: numbers, and the reports that show them.
public struct ComparisonReport: Sendable {
    /// The rows: majority class, real texts, untuned base, then the methods in the order given.
    public let rows: [ComparisonRow]
    /// What all rows have in common.
    public let context: ComparisonContext
    /// The methods' rows taken together, where several are runs of one method at one ε.
    public let groups: [ComparisonGroup]
    /// What each group's texts are worth, in plain words; in the order of `groups`.
    public var verdicts: [MethodVerdict] { groups.map { MethodVerdict(of: $0, in: self) } }
    let figures: ComparisonFigures

    private struct Numbers: Encodable {
        let verdicts: [MethodVerdict]
        let context: ComparisonContext
        let rows: [ComparisonRow]
        let groups: [ComparisonGroup]
    }

    init(rows: [ComparisonRow], context: ComparisonContext, figures: ComparisonFigures) {
        self.rows = rows
        self.context = context
        self.figures = figures
        groups = ComparisonGroup.groups(of: rows)
    }

    /// The contents of `numbers.json`: verdicts, context, rows and groups, full precision, infinity as "inf".
    public func numbersJSON() throws -> Data {
        try JSONEncoder.spellingInfinity(.prettyPrinted).encode(
            Numbers(verdicts: verdicts, context: context, rows: rows, groups: groups)
        )
    }

    /// The contents of `report.md`.
    public func markdown() -> String { MarkdownReport(report: self).text }

    /// The contents of `report.html`: one file that needs no other.
    public func html() -> String { HTMLReport(report: self).text }

    /// Whether a method was run several times at one ε.
    var hasSeveralRuns: Bool { groups.contains { $0.rows.count > 1 } }

    /// The reference rows, then the methods' groups: the lines of a table.
    var lines: [ComparisonGroup] {
        rows.filter { $0.reference != nil }.map { ComparisonGroup(rows: [$0]) } + groups
    }

    /// One of the reference rows.
    func row(_ reference: ComparisonRow.Reference) -> ComparisonRow? {
        rows.first { $0.reference == reference }
    }
}
