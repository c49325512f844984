import DifferentialPrivacy
public import Foundation

/// The outcome of a comparison: numbers, and the reports that show them.
public struct ComparisonReport: Sendable {
    /// The rows: majority class, real texts, untuned base, then the methods in the order given.
    public let rows: [ComparisonRow]
    /// What all rows have in common.
    public let context: ComparisonContext
    let figures: ComparisonFigures

    private struct Numbers: Encodable {
        let context: ComparisonContext
        let rows: [ComparisonRow]
    }

    /// The contents of `numbers.json`: context and rows, full precision, infinity as "inf".
    public func numbersJSON() throws -> Data {
        try JSONEncoder.spellingInfinity(.prettyPrinted).encode(
            Numbers(context: context, rows: rows)
        )
    }

    /// The contents of `report.md`.
    public func markdown() -> String { MarkdownReport(report: self).text }

    /// The contents of `report.html`: one file that needs no other.
    public func html() -> String { HTMLReport(report: self).text }

    /// The rows of the methods, without the references.
    var methods: [ComparisonRow] { rows.filter { $0.reference == nil } }

    /// One of the reference rows.
    func row(_ reference: ComparisonRow.Reference) -> ComparisonRow? {
        rows.first { $0.reference == reference }
    }
}
