import Corpus
import DemoCorpus
import Foundation
import Testing

/// `-` for a file, compressed files, tables with tabs, and files that are something else.
@Suite struct StreamTests {
    private let setting: FinetuneSetting

    init() throws { setting = try FinetuneSetting() }

    /// Runs the tool with a file as its standard input.
    private func piped(_ path: String, _ arguments: [String]) throws -> Tool.Outcome {
        let input = try FileHandle(forReadingFrom: URL(filePath: path))
        return try Tool.start(arguments, input: input).outcome()
    }

    private var privateFile: String { setting.workspace.path("private.csv") }

    @Test func standardInputIsReadAsAFile() throws {
        let columns = ["--label-columns", "topic", "--json"]
        let file = try Tool.run(["lint", "--data", privateFile] + columns)
        let pipe = try piped(privateFile, ["lint", "--data", "-"] + columns)
        #expect(pipe.status == 0 && pipe.output == file.output, "\(pipe.errors)")
        let lines = try setting.workspace.write(
            "{\"text\": \"one\"}\n{\"text\": \"two\"}\n",
            to: "a.jsonl"
        )
        let objects = try piped(lines, ["lint", "--data", "-", "--format", "jsonl", "--json"])
        #expect(try objects.json()["records"] as? Int == 2)
        let mistaken = try piped(lines, ["lint", "--data", "-"])
        #expect(mistaken.status == 65 && mistaken.errors.contains("standard input: there is no"))
        #expect(try piped(lines, ["lint", "--data", "-", "--format", "xml"]).status == 64)
        #expect(
            try piped(lines, ["lint", "--data", "-", "--data", "-", "--format", "jsonl"]).status
                == 74
        )
    }

    /// The same bytes are the same corpus, from wherever they come: the run goes on.
    @Test func aRunFromStandardInputGoesOnWithTheSameBytes() throws {
        let arguments = setting.arguments("run", ["--data": "-"])
        let first = try piped(privateFile, arguments)
        #expect(first.status == 0, "\(first.errors)")
        let again = try piped(privateFile, arguments + ["--resume"])
        #expect(try again.json()["steps_done"] as? Int == first.json()["steps"] as? Int)
        let other = try setting.workspace.messages(FinetuneSetting.count, seed: 6, to: "other.csv")
        #expect(try piped(other, arguments + ["--resume"]).status == 4)
    }

    @Test func standardOutputHoldsTheRecordsAlone() throws {
        let model = try TinyModel.path()
        func sample(_ arguments: [String]) throws -> Tool.Outcome {
            try Tool.run(
                [
                    "sample", "--model", model, "--count", "5", "--max-new-tokens", "6", "--seed",
                    "3",
                ]
                    + arguments
            )
        }
        let file = setting.workspace.path("a.csv")
        #expect(try sample(["--out", file]).status == 0)
        let stream = try sample(["--out", "-", "--json"])
        #expect(stream.status == 0)
        #expect(try Data(contentsOf: URL(filePath: file)) == Data(stream.output.utf8))
        #expect(stream.errors.contains("\"count\":5"))
        let objects = try sample(["--out", "-", "--format", "jsonl", "--quiet"])
        #expect(objects.output.split(separator: "\n").count == 5)
        #expect(objects.output.hasPrefix("{\"text\": "))
    }

    @Test func comparedTextsMayBeCompressedTabbedOrPiped() throws {
        let messages = DemoCorpus.messages(count: 60, seed: 4)
        let rows = messages.map(\.csvLine).joined(separator: "\n") + "\n"
        let plain = try setting.workspace.write(DemoMessage.csvHeader + "\n" + rows, to: "t.csv")
        let packed = setting.workspace.path("t.csv.gz")
        let gzip = Process()
        gzip.executableURL = URL(filePath: "/bin/sh")
        gzip.arguments = ["-c", "gzip -c '\(plain)' > '\(packed)'"]
        try gzip.run()
        gzip.waitUntilExit()
        let outcome = try piped(
            plain,
            [
                "compare", "--real-test", packed, "--synthetic", "a=-", "--synthetic",
                "b=\(packed)", "--label-columns", "topic", "--seeds", "1", "--json", "--out",
                setting.workspace.path("report"), "--model", try TinyModel.path(),
            ]
        )
        #expect(outcome.status == 0, "\(outcome.errors)")
        let all = try #require(outcome.json()["rows"] as? [[String: Any]])
        #expect(all.count == 5)
    }

    @Test func aFileThatIsSomethingElseEndsWith65BeforeTraining() throws {
        let rows = (0..<200).map { "row \($0) of letters" }.joined(separator: "\n")
        let wide = Array(rows.data(using: .utf16LittleEndian) ?? Data())
        let data = try setting.workspace.write(wide, to: "wide.txt")
        let outcome = try Tool.run([
            "finetune", "--data", data, "--epsilon", "8", "--delta", "1e-4", "--model",
            try TinyModel.path(), "--out", setting.path("wide"),
        ])
        #expect(outcome.status == 65 && outcome.errors.contains("UTF-16"), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: setting.path("wide")))
        let parquet = try setting.workspace.write("PAR1", to: "a.parquet")
        let refused = try Tool.run(["lint", "--data", parquet])
        #expect(refused.status == 64 && refused.errors.contains("pandas.read_parquet"))
    }

    @Test func lintWritesLabelValuesThatFinetuneTakes() throws {
        let values = setting.workspace.path("found.json")
        let columns = ["--label-columns", "topic,sentiment"]
        let outcome = try Tool.run(
            ["lint", "--data", privateFile, "--write-label-values", values, "--json"] + columns
                + ["--model", try TinyModel.path()]
        )
        #expect(outcome.status == 0, "\(outcome.errors)")
        let found = try outcome.json()
        #expect(found["recommended_sequence_length"] is Int)
        #expect(found["identifiers"] is [String: Int])
        let known = try LabelSet(file: values, columns: ["topic", "sentiment"])
        #expect(Set(known.values[0]).isSubset(of: DemoCorpus.labelValues["topic"] ?? []))
        let run = try setting.finetune("run", ["--label-values": values])
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            try Tool.run(["lint", "--data", privateFile, "--write-label-values", values]).status
                == 64
        )
    }

    /// What it says at its start is the same for any corpus of that public size.
    @Test func finetuneSaysItsSettingsAtItsStart() throws {
        let outcome = try Tool.run(setting.arguments().filter { $0 != "--quiet" })
        #expect(outcome.errors.contains("300 records, 20 steps of about 30, learning rate"))
        #expect(outcome.errors.contains("at most 24 tokens a record"))
        #expect(outcome.errors.contains("dpscribe lint counts them"))
    }

    @Test func aColumnWithACommaInItsNameIsNamed() throws {
        let rows = (0..<40).map { "text \($0),\($0 % 2 == 0 ? "a" : "b")" }.joined(separator: "\n")
        let data = try setting.workspace.write("text,\"City, State\"\n" + rows, to: "city.csv")
        for columns in ["\"City, State\"", "\"City, State\","] {
            let outcome = try Tool.run(
                ["lint", "--data", data, "--label-columns", columns, "--json"]
            )
            let labels = try outcome.json()["labels"] as? [String: Any]
            #expect(labels?.keys.first == "City, State", "\(outcome.errors)")
        }
        let yaml = try setting.workspace.write("label-columns: ['City, State']", to: "a.yaml")
        let outcome = try Tool.run(["lint", "--data", data, "--config", yaml, "--json"])
        #expect(outcome.status == 0, "\(outcome.errors)")
    }
}
