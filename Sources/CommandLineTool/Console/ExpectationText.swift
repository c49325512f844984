import Corpus
import DifferentialPrivacy
import Foundation
import PrivateTraining

/// What texts of a training can be expected to teach, in words and as JSON: one part a label column.
///
/// It is made of public figures, but for the mean length of records where that is known.
struct ExpectationText {
    /// A label column by its name; nil where only the number of its values is known.
    typealias Column = (name: String?, expectation: Expectation)

    let columns: [Column]

    /// For columns of that many values each.
    ///
    /// - Parameters:
    ///   - columns: Names and numbers of values.
    ///   - outline: Everything else.
    init(_ columns: [(name: String?, valueCount: Int)], _ outline: Expectation.Outline) {
        self.columns = columns.map { column in
            var outline = outline
            outline.valueCount = max(column.valueCount, 1)
            return (column.name, Expectation(outline))
        }
    }

    /// For a run, by what is public of it.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - meanTokens: Tokens of a record in the mean; private, and nil where it must not show.
    init(_ run: RunDescription, meanTokens: Double? = nil) {
        self.init(
            zip(run.labels.columns, run.labels.values).map { ($0, $1.count) },
            Expectation.Outline(
                unitCount: run.plan.schedule.unitCount,
                epsilon: run.plan.budget.epsilon,
                base: run.baseModelName,
                hasAdapters: run.settings.loraRank != nil,
                valueCount: 1,
                meanTokens: meanTokens
            )
        )
    }

    /// Whether some column's texts may teach no better than guessing.
    var isWarning: Bool { columns.contains { $0.expectation.level.ifLong == .guessing } }

    /// Two lines a column: what to expect, and what that rests on.
    var lines: [String] {
        columns.flatMap { column in
            [
                "expect" + Self.name(column) + Self.size(column.expectation) + ": "
                    + Self.level(column.expectation),
                "  " + Self.evidence(column.expectation),
            ]
        }
    }

    /// One object a column.
    var json: JSONValue { .array(columns.map(Self.object)) }

    private static func name(_ column: Column) -> String {
        let count = column.expectation.outline.valueCount
        return column.name.map { " of \($0) (\(count) values)" } ?? " (\(count) label values)"
    }

    private static func size(_ expectation: Expectation) -> String {
        let outline = expectation.outline
        return " from \(outline.unitCount) records at epsilon \(number(outline.epsilon))"
    }

    /// What texts teach, in words.
    static func level(_ expectation: Expectation) -> String {
        let (short, long) = expectation.level
        guard short != long else { return words(short) }
        return "\(words(short)) if records are as short as comments"
            + " (\(count(Expectation.shortTokens)) tokens); \(words(long)) if they are as long as"
            + " reviews (\(count(Expectation.longTokens)) tokens)"
    }

    /// What texts of that level teach a classifier.
    private static func words(_ level: MeasuredRun.Level) -> String {
        switch level {
        case .guessing:
            "texts that may teach a classifier no better than always guessing, or at best what the untuned"
                + " model knew"
        case .base: "texts that may teach a classifier hardly more than those of the untuned model"
        case .labels: "texts that teach a classifier a part of what real text would"
        }
    }

    /// What that rests on.
    static func evidence(_ expectation: Expectation) -> String {
        if let run = expectation.measured { return "measured: " + description(run) }
        return rule(expectation) + ". A rule, no run like this was measured; nearest is "
            + description(expectation.nearest)
    }

    /// How many records that takes by the rule.
    private static func rule(_ expectation: Expectation) -> String {
        let outline = expectation.outline
        guard outline.epsilon.isFinite else { return "without noise few records teach much" }
        func below(_ level: MeasuredRun.Level) -> String {
            let lengths =
                outline.meanTokens.map { [$0] }
                ?? [Expectation.shortTokens, Expectation.longTokens]
            return lengths.map {
                "\(rounded(expectation.units(for: level, tokens: $0))) records of"
                    + " \(count($0)) tokens"
            }.joined(separator: " or ")
        }
        return "at epsilon \(number(outline.epsilon)) no better than guessing below about"
            + " \(below(.base)), hardly more than the untuned model below about \(below(.labels))"
    }

    private static func description(_ run: MeasuredRun) -> String {
        let base = run.base == "base" ? "" : " from \(run.base)"
        let adapters = run.loraRank.map { ", adapters of rank \($0)" } ?? ""
        let others = [
            "guessing \(share(run.guessing))", run.untuned.map { "untuned \(share($0))" },
            run.real.map { "real text \(share($0))" },
        ].compactMap(\.self).joined(separator: ", ")
        return
            "\(run.unitCount) \(run.records)\(base)\(adapters) at epsilon \(number(run.epsilon)):"
            + " accuracy \(share(run.accuracy)) (\(others)); \(run.source)"
    }

    private static func object(_ column: Column) -> JSONValue {
        let expectation = column.expectation
        let outline = expectation.outline
        func units(_ level: MeasuredRun.Level) -> JSONValue {
            .integer(
                expectation.units(for: level, tokens: outline.meanTokens ?? Expectation.shortTokens)
            )
        }
        return [
            "epsilon": .number(outline.epsilon),
            "records": .integer(outline.unitCount),
            "column": column.name.map { .string($0) } ?? .null,
            "label_values": .integer(outline.valueCount),
            "mean_tokens": outline.meanTokens.map { .number($0) } ?? .null,
            "level": .string(key(expectation.level.ifShort)),
            "level_if_long": .string(key(expectation.level.ifLong)),
            "guessing_below": units(.base),
            "untuned_below": units(.labels),
            "measured": .bool(expectation.measured != nil),
            "nearest": .string(description(expectation.measured ?? expectation.nearest)),
        ]
    }

    /// The level's name in JSON.
    static func key(_ level: MeasuredRun.Level) -> String {
        switch level {
        case .guessing: "guessing"
        case .base: "untuned"
        case .labels: "labels"
        }
    }

    private static func number(_ value: Double) -> String {
        value.isFinite ? String(format: "%g", value) : "inf"
    }

    private static func share(_ value: Double) -> String { String(format: "%.3f", value) }

    private static func count(_ value: Double) -> String { String(format: "%.0f", value) }

    /// With two digits, upwards: a rule is no more exact than that.
    private static func rounded(_ value: Int) -> String {
        var unit = 1
        while value / unit >= 100 { unit *= 10 }
        return String((value + unit - 1) / unit * unit)
    }
}
