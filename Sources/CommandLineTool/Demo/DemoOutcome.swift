import Corpus
import DemoCorpus
import DifferentialPrivacy
import Evaluation
import Foundation

/// What a demonstration came to: the budget spent, some texts, the comparison.
struct DemoOutcome {
    private struct Numbers: Decodable {
        let rows: [ComparisonRow]
    }

    private static let shownTexts = 10

    private let guarantee: PrivacyGuarantee
    private let samples: [(labels: String, text: String)]
    private let rows: [ComparisonRow]

    /// Reads it from the files of the commands.
    ///
    /// - Throws: `ToolError.integrityViolated` if one of them is not as its command wrote it.
    init(files: DemoFiles) throws {
        let run = files.path("run")
        guard let record = try RunFolder(path: run).record(checkedBy: .allRuns),
            let spent = try record.guarantee()
        else { throw ToolError.integrityViolated("\(run): the run has no ledger with a budget") }
        guarantee = spent
        let columns = ColumnSelection(text: "text", labels: DemoCorpus.labelColumns)
        let drawn = try SyntheticTextReader.read(
            path: files.path("synthetic.csv"),
            columns: columns
        )
        samples = drawn.items.prefix(Self.shownTexts).map { item in
            let labels = item.labels.map { String(decoding: $0, as: UTF8.self) }
            return (labels.joined(separator: ", "), String(decoding: item.text, as: UTF8.self))
        }
        rows = try Self.rows(files.path("report/numbers.json"))
    }

    private static func rows(_ path: String) throws -> [ComparisonRow] {
        guard let data = FileManager.default.contents(atPath: path),
            let numbers = try? JSONDecoder.spellingInfinity().decode(Numbers.self, from: data)
        else { throw ToolError.integrityViolated("\(path): not the numbers of a comparison") }
        return numbers.rows
    }

    /// The one object of `--json`.
    func json(out: String, seconds: Double) throws -> JSONValue {
        let rows = try rows.map { row -> JSONValue in
            ["name": .string(row.name), "metrics": try JSONValue(encoding: row.metrics)]
        }
        return [
            "epsilon": .number(guarantee.epsilon), "delta": .number(guarantee.delta),
            "rows": .array(rows), "out": .string(out), "seconds": .number(seconds),
        ]
    }

    /// The end of the story.
    func lines(report: String, seconds: Double) -> [String] {
        let table = ComparisonTable(rows: rows, labelColumns: DemoCorpus.labelColumns).lines
        let texts = samples.map { "  [\($0.labels)] \($0.text)" }
        return ["", "Ten of the synthetic messages:"] + texts + [
            "", "Accuracy on real messages, by what the classifier learnt from:",
        ] + table + [
            "",
            "Spent: epsilon \(ConsoleText.roundedUp(guarantee.epsilon)) at delta"
                + " \(guarantee.delta), per message, add or remove one.",
            "The report: \(report)/report.html. All of it took \(ConsoleText.duration(seconds)).",
        ]
    }
}
