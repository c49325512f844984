import Corpus
import Foundation
import PrivateTraining

/// What a finished run is worth, in plain words: from its plan, from measured runs, and from what its
/// model makes of texts of its own.
///
/// No private record is read for it, so it costs no privacy.
struct VerdictText {
    private let verdict: RunVerdict?
    private let expectations: ExpectationText

    /// - Parameters:
    ///   - verdict: What the model makes of its texts; nil if that was not measured.
    ///   - run: The run.
    init(_ verdict: RunVerdict?, _ run: RunDescription) {
        self.verdict = verdict
        // The texts' length is the model's, so it is public; the records' is not.
        expectations = ExpectationText(
            run,
            meanTokens: verdict?.columns.lazy.compactMap(\.meanTokens).first
        )
    }

    /// The verdict of a finished run that has been written; nil for a run without labels.
    init?(of run: RunDescription, in folder: String, step: Int) {
        guard !run.labels.columns.isEmpty else { return nil }
        self.init(RunVerdict.read(from: folder, of: run.runIdentifier, step: step), run)
    }

    /// For `--json`: one object a label column.
    var json: JSONValue {
        .array(
            expectations.columns.map { column in
                let found = verdict?.columns.first { $0.column == column.name }
                return [
                    "column": column.name.map { .string($0) } ?? .null,
                    "expected": .string(ExpectationText.key(column.expectation.level.ifShort)),
                    "expected_if_long": .string(
                        ExpectationText.key(column.expectation.level.ifLong)
                    ),
                    "texts_show_labels": found.map { .bool($0.showsLabels) } ?? .null,
                    "told": found.map { .number($0.told) } ?? .null,
                    "chance": found.map { .number($0.chance) } ?? .null,
                    "nats_per_token": found.map { .number($0.natsPerToken) } ?? .null,
                    "texts": found.map { .integer($0.texts) } ?? .null,
                ]
            }
        )
    }

    /// The verdict on every label column, what it rests on, and what it leaves open.
    var lines: [String] {
        expectations.columns.flatMap { column -> [String] in
            let found = verdict?.columns.first { $0.column == column.name }
            return Self.lines(found, column)
        } + ["Whether the labels hold for real text only dpscribe compare can tell."]
    }

    private static func lines(
        _ found: LabelSeparation?,
        _ column: ExpectationText.Column
    ) -> [String] {
        let name = column.name ?? "the labels"
        if let found, !found.showsLabels {
            return [
                "verdict on \(name): of no use. The texts do not depend on it, so they teach a"
                    + " classifier no better than always guessing",
                "  " + told(found),
            ]
        }
        return ["verdict on \(name): " + ExpectationText.level(column.expectation)]
            + (found.map { ["  " + told($0)] } ?? [])
            + ["  " + ExpectationText.evidence(column.expectation)]
    }

    private static func told(_ found: LabelSeparation) -> String {
        "the model tells the labels apart in \(percent(found.told)) of \(found.texts) texts of its own;"
            + " guessing would be \(percent(found.chance)), and an untuned model may do as well."
            + " A label is worth \(String(format: "%.3f", max(found.natsPerToken, 0))) nats a token"
    }

    private static func percent(_ share: Double) -> String {
        String(format: "%.0f %%", 100 * share)
    }
}
