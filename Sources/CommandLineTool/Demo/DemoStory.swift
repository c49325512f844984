import ArgumentParser
import Corpus
import DemoCorpus
import DifferentialPrivacy
import Evaluation
import Foundation

/// `dpscribe demo`: the whole story on bundled data, by the commands that a user would type.
struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The whole story on a bundled model and a made-up corpus, in minutes.",
        discussion: """
            Fine-tunes with differential privacy, draws synthetic records and compares them. Every \
            command is printed before it runs; all files stay in --out.

            Example: dpscribe demo
            """
    )

    @Option(
        help: ArgumentHelp("Folder to make; demo-run, demo-run-2, … by default.", valueName: "dir"),
        completion: .directory
    )
    var out: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        Interruption.listen()
        let start = ProcessInfo.processInfo.systemUptime
        let folder = out ?? OutputFolder.free(named: "demo-run")
        let files = try DemoFiles(folder: folder)
        let story = DemoStory(files: files, global: global)
        let outcome = try story.run()
        let seconds = ProcessInfo.processInfo.systemUptime - start
        try global.result.write(
            outcome.json(out: folder, seconds: seconds),
            text: outcome.lines(report: files.path("report"), seconds: seconds)
        )
    }
}

/// The commands of the demonstration, run in this process one after another.
struct DemoStory {
    /// Small enough for minutes.
    private static let bundledModel = "tiny"
    /// The records that are drawn.
    private static let sampleCount = 2_400

    let files: DemoFiles
    let global: GlobalOptions

    private var columns: String { DemoCorpus.labelColumns.joined(separator: ",") }

    /// Runs all of it.
    ///
    /// - Returns: What came out.
    /// - Throws: What a command throws.
    func run() throws -> DemoOutcome {
        say(
            "\(DemoFiles.privateCount) made-up messages to a grocery service play the private corpus:"
                + " \(files.path("private.csv"))"
        )
        let model = try baseModel()
        try finetune(model)
        try sample()
        try compare(model)
        return try DemoOutcome(files: files)
    }

    /// The bundled model, or a tiny one that is trained for a minute.
    private func baseModel() throws -> String {
        if (try? ModelLocator.current().folder(named: Self.bundledModel)) != nil {
            return Self.bundledModel
        }
        say("There is no bundled model: training a tiny one on public posts first.")
        try files.writePublicPosts()
        try run([
            "tokenizer", "train", "--data", files.path("public.txt"), "--vocab-size", "2048",
            "--out", files.path("tokenizer"),
        ])
        try run([
            "pretrain", "--data", files.path("public.txt"), "--shape", "tiny", "--tokenizer",
            files.path("tokenizer"), "--minutes", "1", "--tokens-per-step", "2048", "--out",
            files.path("base"),
        ])
        return files.path("base")
    }

    private func finetune(_ model: String) throws {
        say("Fine-tuning with differential privacy: the only step that spends the budget.")
        try run([
            "finetune", "--data", files.path("private.csv"), "--label-columns", columns,
            "--label-values", files.path("label-values.json"), "--dataset-size",
            String(DemoFiles.privateCount), "--epsilon", "8", "--delta", "1e-5", "--model", model,
            "--epochs", "6", "--batch-size", "1000", "--learning-rate", "8e-3",
            "--sequence-length", "48", "--out", files.path("run"),
        ])
    }

    private func sample() throws {
        say("Drawing synthetic messages: any number, for no further budget.")
        try run([
            "sample", "--model", files.path("run"), "--count", String(Self.sampleCount),
            "--label-distribution", files.path("label-mix.json"), "--max-new-tokens", "48",
            "--out", files.path("synthetic.csv"),
        ])
    }

    private func compare(_ model: String) throws {
        say("What are they worth? Classifiers learn from each set and are tested on real messages.")
        // The table ends the story.
        let arguments = [
            "compare", "--real-test", files.path("test.csv"), "--real-train",
            files.path("private.csv"), "--synthetic", "dp-finetune=" + files.path("synthetic.csv"),
            "--label-columns", columns, "--model", model, "--out", files.path("report"),
        ]
        try run(arguments, showsResult: false)
    }

    /// Prints a command line and runs it as if it had been typed.
    private func run(_ arguments: [String], showsResult: Bool = true) throws {
        say("$ dpscribe " + arguments.map(Self.quoted).joined(separator: " "), after: "")
        var typed = arguments
        if let threads = global.threads { typed += ["--threads", String(threads)] }
        if global.quiet { typed.append("--quiet") }
        var command = try DPScribe.parseAsRoot(typed)
        try ResultWriter.$isMuted.withValue(global.json || !showsResult) { try command.run() }
    }

    private func say(_ line: String, after gap: String = "\n") {
        if !global.quiet { ConsoleText.writeError(gap + line) }
    }

    /// `argument` as a shell needs it.
    private static func quoted(_ argument: String) -> String {
        let isPlain = argument.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-_./,=:+".utf8.contains(byte)
            }
        }
        return isPlain ? argument : "'" + argument.replacing("'", with: #"'\''"#) + "'"
    }
}

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
