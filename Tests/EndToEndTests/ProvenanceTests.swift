import Foundation
import Testing

/// What a private run leaves in copies of its model, and where such a model is refused.
@Suite struct ProvenanceTests {
    private let setting: FinetuneSetting

    init() throws { setting = try FinetuneSetting() }

    private func json(_ path: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(filePath: path))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func aCopyCarriesItsMarkAndIsNoPublicModel() throws {
        #expect(try setting.finetune(flags: ["--insecure-seed", "3"]).status == 0)
        let (exported, imported) = (
            setting.workspace.path("exported"), setting.workspace.path("imported")
        )
        let export = try Tool.run([
            "export", "--model", setting.path("run"), "--out", exported, "--json",
        ])
        #expect(export.status == 0, "\(export.errors)")
        #expect((try export.json()["warnings"] as? [String])?.count == 1)
        #expect(try Tool.run(["import", "--from", exported, "--out", imported]).status == 0)
        let text = setting.workspace.path("text.csv")
        #expect(
            try Tool.run([
                "sample", "--model", imported, "--count", "2", "--max-new-tokens", "4", "--out",
                text,
            ]).status == 0
        )
        let ledger = try String(decoding: setting.bytes("run/ledger.jsonl"), as: UTF8.self)
        for path in [exported + "/provenance.json", imported + "/provenance.json"] {
            let mark = try json(path)
            #expect(mark["private"] as? Bool == false && mark["finished"] as? Bool == true)
            #expect((mark["warnings"] as? [String])?.first?.hasPrefix("NOT PRIVATE") == true)
        }
        let manifest = try json(text + ".privacy.json")
        #expect(manifest["private"] as? Bool == false)
        #expect(ledger.contains(try #require(manifest["run"] as? String)))
        try isRefusedAsBase([setting.path("run"), imported])
    }

    private func isRefusedAsBase(_ models: [String]) throws {
        let data = setting.workspace.path("private.csv")
        let posts = try setting.workspace.posts(20)
        let text = setting.workspace.path("text.csv")
        let out = setting.workspace.path("no")
        for model in models {
            let refused = [
                try setting.finetune("other", ["--model": model]),
                try Tool.run(["pretrain", "--data", posts, "--model", model, "--out", out]),
                try Tool.run([
                    "evolve", "--data", data, "--epsilon", "4", "--delta", "1e-4", "--count", "4",
                    "--iterations", "1", "--model", model, "--out", out,
                ]),
                try Tool.run([
                    "compare", "--real-test", data, "--synthetic", "s=" + text, "--label-columns",
                    "topic", "--model", model, "--out", out,
                ]),
            ]
            for outcome in refused {
                #expect(outcome.status == 78 && outcome.errors.contains("--model"))
                #expect(outcome.errors.contains("private text"), "\(outcome.errors)")
            }
        }
        #expect(!FileManager.default.fileExists(atPath: out))
        #expect(!FileManager.default.fileExists(atPath: setting.path("other")))
    }

    @Test func aShortenedLedgerIsFoundByWhoeverReadsIt() throws {
        #expect(try setting.finetune().status == 0)
        #expect(try setting.finetune("other").status == 0)
        let ledger = URL(filePath: setting.path("run/ledger.jsonl"))
        let lines = try String(contentsOf: ledger, encoding: .utf8).split(separator: "\n")
        try Data((lines.dropLast(3).joined(separator: "\n") + "\n").utf8).write(to: ledger)
        let text = setting.workspace.path("text.csv")
        let commands = [
            ["sample", "--model", setting.path("run"), "--count", "1", "--out", text],
            ["status", setting.path("run")], ["status", setting.path("other")],
            ["export", "--model", setting.path("run"), "--out", setting.workspace.path("no")],
            ["release", setting.path("other"), "--out", setting.workspace.path("no")],
        ]
        for command in commands {
            let outcome = try Tool.run(command)
            #expect(outcome.status == 4, "\(command[0]): \(outcome.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: text))
    }

    @Test func aHiddenRunIsRefused() throws {
        let outcome = try setting.finetune(".try")
        #expect(outcome.status == 73 && outcome.errors.contains("dot"))
    }

    /// A crash, then other threads: the steps lost are other releases and use up the target.
    @Test func aRunThatItsTargetStopsCanBeReleased() throws {
        let long = ["--epochs": "8"]
        let running = try Tool.start(setting.arguments("run", long))
        try setting.wait(for: running) { setting.ledgerLines() > 5 }
        kill(running.process.processIdentifier, SIGKILL)
        _ = running.outcome()
        let otherwise = long.merging(["--threads": "2"]) { $1 }
        let stopped = try setting.finetune("run", otherwise, flags: ["--resume"])
        #expect(stopped.status == 3, "\(stopped.errors)")
        #expect(try !setting.names().contains("secret"))
        let again = try setting.finetune("run", otherwise, flags: ["--resume"])
        #expect(again.status == 0, "\(again.errors)")
        let done = try #require(try again.json()["steps_done"] as? Int)
        #expect(done < 80 && stopped.errors.contains("after \(done) of 80 steps"))
        let out = setting.workspace.path("released")
        #expect(try Tool.run(["release", setting.path("run"), "--out", out]).status == 0)
        #expect(try Tool.run(["verify", out]).status == 0)
    }

    /// What a run's ledger knows as private is no text to learn from in public.
    @Test func aPrivateCorpusIsRefusedForPublicTraining() throws {
        #expect(try setting.finetune().status == 0)
        let data = setting.workspace.path("private.csv")
        let out = setting.workspace.path("runs/base")
        for arguments in [
            ["pretrain", "--data", data, "--model", try TinyModel.path(), "--out", out],
            ["tokenizer", "train", "--data", data, "--vocab-size", "300", "--out", out],
        ] {
            let outcome = try Tool.run(arguments)
            #expect(outcome.status == 4 && outcome.errors.contains("only public text"))
        }
        #expect(!FileManager.default.fileExists(atPath: out))
    }
}
