import ArgumentParser
import Corpus
import DemoCorpus
import Evaluation
import Foundation

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
    func tell() throws -> DemoOutcome {
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
            "pretrain", "--data", files.path("public.txt"), "--config", "tiny", "--tokenizer",
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
