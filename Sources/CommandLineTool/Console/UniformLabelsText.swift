import Corpus
import Foundation
import PrivateTraining

/// What `sample` says where no mix of labels was stated.
struct UniformLabelsText {
    /// Values of a column that the example names.
    private static let shown = 3

    let line: String

    /// Speaks of the labels of a run.
    ///
    /// - Parameters:
    ///   - labelSet: Its label columns; at least one.
    ///   - run: The run's folder, which may hold counts that the run released.
    init(_ labelSet: LabelSet, run: String) {
        let columns = zip(labelSet.columns, labelSet.values)
        let evenly = columns.map { "each of the \($1.count) values of \($0)" }
            .joined(separator: " and ")
        let counts = run + "/" + LabelCountsRelease.fileName
        let hint =
            FileManager.default.fileExists(atPath: counts)
            ? "This run released its counts under noise: pass --label-distribution \(counts)"
            : "If yours are not even, pass what is publicly known of them: --label-distribution mix.json "
                + "with \(Self.example(Array(columns))) and so on (finetune --release-label-counts E measures "
                + "it, within the budget)"
        line =
            "no label mix was stated, so \(evenly) is drawn equally often. A classifier that learns from "
            + "these texts takes that for the truth. \(hint)"
    }

    /// A mix in the form of the file, such as `{"topic": {"billing": 0.5, "delivery": 0.3}}`.
    private static func example(_ columns: [(String, [String])]) -> String {
        let parts = columns.map { column, values in
            let weights = values.prefix(shown).enumerated().map { place, value in
                "\(JSONValue.string(value)): \([0.5, 0.3, 0.2][place])"
            }
            let more = values.count > shown ? ", …" : ""
            return "\(JSONValue.string(column)): {\(weights.joined(separator: ", "))\(more)}"
        }
        return "{\(parts.joined(separator: ", "))}"
    }
}
