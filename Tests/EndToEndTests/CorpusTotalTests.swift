import DemoCorpus
import Foundation
import Testing

/// What several runs on the same people's records say together, and where such text is refused.
@Suite struct CorpusTotalTests {
    private let setting: FinetuneSetting

    init() throws { setting = try FinetuneSetting() }

    private func messages() -> [DemoMessage] {
        DemoCorpus.messages(count: FinetuneSetting.count, seed: 5)
    }

    /// The same records as JSON lines, from the last to the first.
    private func reversed() throws -> String {
        let lines = try messages().reversed().map { message in
            let fields = [
                "text": message.text, "topic": "\(message.topic)",
                "sentiment": "\(message.sentiment)",
            ]
            return String(
                decoding: try JSONSerialization.data(withJSONObject: fields),
                as: UTF8.self
            )
        }
        return try setting.workspace.write(
            lines.joined(separator: "\n"),
            to: "elsewhere/reversed.jsonl"
        )
    }

    @Test func theTotalOfTheSameRecordsIsShownAndCapped() throws {
        let first = try setting.finetune("first", flags: ["--corpus-budget", "8"])
        #expect(first.status == 0, "\(first.errors)")
        #expect(!first.errors.contains("WARNING"))
        let other = ["--data": try reversed(), "--text-column": "text"]
        let refused = try setting.finetune("second", other, flags: ["--corpus-budget", "9"])
        #expect(refused.status == 3 && refused.errors.contains("Nothing was spent"))
        #expect(refused.errors.contains("first"), "\(refused.errors)")
        #expect(!FileManager.default.fileExists(atPath: setting.path("second")))
        let second = try setting.finetune("second", other)
        #expect(second.status == 0, "\(second.errors)")
        #expect(second.errors.contains("shares all of its records with that of"))
        #expect(second.errors.contains("WARNING: the 2 runs"), "\(second.errors)")
        let total = try #require(try second.json()["corpus_epsilon"] as? Double)
        #expect(total > 9)
        for run in ["first", "second"] {
            let status = try Tool.run(["status", setting.path(run), "--json"]).json()
            #expect(status["corpus_runs"] as? Int == 2)
            #expect(abs((status["corpus_epsilon"] as? Double ?? 0) - total) < 1e-9 * total)
            let overlaps = try #require(status["corpus_overlaps"] as? [[String: Any]])
            #expect(overlaps.map { $0["share"] as? Double } == [1])
        }
        let text = try Tool.run(["status", setting.path("first")])
        #expect(text.output.contains("WARNING") && text.output.contains("runs/second"))
        let bad = try setting.finetune("third", flags: ["--corpus-budget", "-1"])
        #expect(bad.status == 78 && bad.errors.contains("--corpus-budget"))
    }

    @Test func evolutionsCountInTheTotalToo() throws {
        #expect(try setting.finetune("first", ["--epsilon": "2"]).status == 0)
        let arguments = [
            "evolve", "--data", try reversed(), "--epsilon", "2", "--delta", "1e-4", "--iterations",
            "1", "--count", "4", "--max-new-tokens", "4", "--model", try TinyModel.path(), "--out",
            setting.path("evolved"), "--quiet", "--json", "--corpus-budget",
        ]
        let refused = try Tool.run(arguments + ["2.5"])
        #expect(refused.status == 3, "\(refused.errors)")
        #expect(!FileManager.default.fileExists(atPath: setting.path("evolved")))
        let evolved = try Tool.run(arguments + ["10"])
        #expect(evolved.status == 0, "\(evolved.errors)")
        #expect(evolved.errors.contains("runs/first"))
        let total = try #require(try evolved.json()["corpus_epsilon"] as? Double)
        #expect(total > 2.5 && total < 4)
    }

    /// Lines of text are the same records as those of a table.
    @Test func publicTrainingRefusesTheRecordsInAnyForm() throws {
        #expect(try setting.finetune(flags: ["--insecure-seed", "3"]).status == 0)
        let out = setting.workspace.path("runs/base")
        let posts = DemoCorpus.publicPosts(count: 300, seed: 3)
        func refusal(_ texts: [String], _ name: String) throws -> [Tool.Outcome] {
            let data = try setting.workspace.write(
                texts.joined(separator: "\n") + "\n",
                to: name
            )
            return [
                try Tool.run([
                    "tokenizer", "train", "--data", data, "--vocab-size", "300", "--out", out,
                ]),
                try Tool.run([
                    "pretrain", "--data", data, "--model", TinyModel.path(), "--epochs", "0.01",
                    "--out", out,
                ]),
            ]
        }
        let some = messages().prefix(40).map(\.text)
        for outcome in try refusal(posts + some.reversed(), "mixed.txt") {
            #expect(outcome.status == 4 && outcome.errors.contains("only public text"))
            #expect(outcome.errors.contains("runs/run"), "\(outcome.errors)")
            #expect(!some.contains { outcome.errors.contains($0) })
        }
        #expect(!FileManager.default.fileExists(atPath: out))
        #expect(try refusal(posts, "posts.txt")[0].status == 0)
    }

    @Test func anotherFoldersKeyEndsWith4() throws {
        #expect(try setting.finetune(flags: ["--insecure-seed", "3"]).status == 0)
        let other = try FinetuneSetting()
        #expect(try other.finetune(flags: ["--insecure-seed", "3"]).status == 0)
        try setting.workspace.write(Array(other.bytes(".key")), to: "runs/.key")
        let posts = try setting.workspace.posts(30)
        for arguments in [
            setting.arguments("again"), ["status", setting.path("run")],
            ["release", setting.path("run"), "--out", setting.workspace.path("no")],
            [
                "tokenizer", "train", "--data", posts, "--vocab-size", "300", "--out",
                setting.workspace.path("no"),
            ],
        ] {
            let outcome = try Tool.run(arguments)
            #expect(outcome.status == 4, "\(arguments[0]): \(outcome.errors)")
            #expect(outcome.errors.contains("is not the key"), "\(outcome.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: setting.path("again")))
    }

    @Test func aWitnessElsewhereEndsWith4WhereARunWasPutBack() throws {
        let witness = setting.workspace.path("heads.jsonl")
        let named = ["--ledger-witness", witness]
        let running = try Tool.start(setting.arguments("run", ["--epochs": "20"], flags: named))
        try setting.wait(for: running) { setting.ledgerLines() > 5 }
        kill(running.process.processIdentifier, SIGTERM)
        #expect(running.outcome().status == 75)
        let copy = setting.workspace.path("copy")
        try FileManager.default.copyItem(atPath: setting.path("run"), toPath: copy)
        #expect(try Tool.run(["status", setting.path("run")] + named).status == 0)
        try unfinishedIsSaid()
        let resumed = try setting.finetune("run", ["--epochs": "20"], flags: named + ["--resume"])
        #expect(resumed.status == 0, "\(resumed.errors)")
        try FileManager.default.removeItem(atPath: setting.path("run"))
        try FileManager.default.copyItem(atPath: copy, toPath: setting.path("run"))
        for outcome in [
            try Tool.run(["status", setting.path("run")] + named),
            try setting.finetune("run", ["--epochs": "20"], flags: named + ["--resume"]),
        ] {
            #expect(
                outcome.status == 4 && outcome.errors.contains("shortened"),
                "\(outcome.errors)"
            )
        }
        #expect(try Tool.run(["status", setting.path("run")]).status == 0)
        try FileManager.default.removeItem(atPath: setting.path("run"))
        let next = try setting.finetune("next", flags: named)
        #expect(next.status == 4 && next.errors.contains("is missing"), "\(next.errors)")
    }

    /// A model with steps left says where it is, what was spent and what is promised.
    private func unfinishedIsSaid() throws {
        let status = try Tool.run(["status", setting.path("run"), "--json"]).json()
        let (step, spent) = (status["steps_done"] as? Int, status["epsilon"] as? Double)
        let out = setting.workspace.path("early.csv")
        let sample = try Tool.run([
            "sample", "--model", setting.path("run"), "--count", "1", "--max-new-tokens", "4",
            "--out", out, "--json", "--quiet",
        ])
        #expect(sample.status == 0)
        #expect(sample.errors.contains("step \(step ?? 0) of 200"), "\(sample.errors)")
        #expect(sample.errors.contains("Spent so far") && sample.errors.contains("whole plan"))
        let stamp = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(filePath: out + ".privacy.json"))
        )
        let progress = try #require((stamp as? [String: Any])?["progress"] as? [String: Any])
        #expect(progress["step"] as? Int == step && progress["steps"] as? Int == 200)
        let stamped = progress["spent"] as? [String: Any]
        #expect(stamped?["epsilon"] as? Double == spent)
        let facts = try Tool.run(["inspect", setting.path("run"), "--json"]).json()
        #expect(facts["epsilon"] as? Double == spent && facts["finished"] as? Bool == false)
        #expect((facts["planned_epsilon"] as? Double ?? 0) > (spent ?? .infinity))
        #expect(try sample.json()["spent_epsilon"] as? Double == spent)
    }
}
