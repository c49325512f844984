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

    private struct Outcome: Encodable {
        let rows: [ComparisonRow]
        let report: String
    }

    /// The contents of `numbers.json`: context and rows, full precision, infinity as "inf".
    public func numbersJSON() throws -> Data {
        let encoder = Self.encoder()
        encoder.outputFormatting.insert(.prettyPrinted)
        return try encoder.encode(Numbers(context: context, rows: rows))
    }

    /// The one JSON object that the command prints: the rows and where the report lies.
    public func outcomeJSON(report path: String) throws -> Data {
        try Self.encoder().encode(Outcome(rows: rows, report: path))
    }

    private static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        return encoder
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
