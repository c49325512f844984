import DemoCorpus
import Foundation
import Testing

/// `finetune` on a tiny model: what it says, refuses and leaves behind.
@Suite struct FinetuneCommandTests {
    private let setting: FinetuneSetting

    init() throws { setting = try FinetuneSetting() }

    @Test func aFinishedRunStatesPlanAndSpending() throws {
        let outcome = try setting.finetune()
        #expect(outcome.status == 0, "\(outcome.errors)")
        let result = try outcome.json()
        let epsilon = try #require(result["epsilon"] as? Double)
        #expect(epsilon > 7 && epsilon <= 8)
        #expect(result["delta"] as? Double == 1e-4)
        #expect(result["steps"] as? Int == 20 && result["steps_done"] as? Int == 20)
        #expect(result["sampling_probability"] as? Double == 0.1)
        #expect(result["max_grad_norm"] as? Double == 1)
        for key in ["noise_multiplier", "seconds", "tokens_per_second"] {
            #expect(try #require(result[key] as? Double) > 0)
        }
        let checkpoint = try #require(result["checkpoint"] as? String)
        #expect(FileManager.default.fileExists(atPath: checkpoint))
        let names = try setting.names()
        #expect(!names.contains("secret") && !names.contains("diagnostics.private.jsonl"))
        for name in names where name.hasSuffix(".h5") || name == "ledger.jsonl" {
            #expect(try permissions(setting.path("run/" + name)) == 0o600, "\(name)")
        }
        let status = try Tool.run(["status", setting.path("run"), "--json"]).json()
        #expect(status["finished"] as? Bool == true)
        #expect(status["epsilon"] as? Double == epsilon)
    }

    /// One option set to what cannot be done, and the exit status.
    private static let refused: [(option: String, value: String, status: Int32)] = [
        ("--noise-multiplier", "0.3", 3), ("--delta", "0.01", 78), ("--delta", "", 78),
        ("--batch-size", "301", 78), ("--epsilon", "none", 78), ("--sequence-length", "65", 78),
        ("--label-columns", "subject", 65), ("--text-column", "body", 65),
        ("--data", "/nowhere/private.csv", 66), ("--model", "/nowhere/base", 66),
        ("--model", "/", 66), ("--label-columns", "text", 64),
        ("--label-columns", "topic,text", 64),
        ("--user-column", "topic", 64), ("--user-column", "text", 64),
        ("--max-records-per-user", "3", 64), ("--epsilon", "-1", 78), ("--delta", "-1", 78),
        ("--delta", "1.5", 78), ("--delta", "nan", 78), ("--epochs", "nan", 78),
        ("--learning-rate", "-1", 78), ("--batch-size", "-1", 78), ("--dataset-size", "-1", 78),
    ]

    @Test(arguments: refused.indices)
    func whatCannotBeDoneLeavesNoRun(place: Int) throws {
        let refused = Self.refused[place]
        var changes = [refused.option: refused.value]
        // The file names the columns of the messages.
        if refused.option == "--label-columns" { changes["--label-values"] = "" }
        let outcome = try setting.finetune("run", changes)
        #expect(outcome.status == refused.status, "\(refused.option): \(outcome.errors)")
        #expect(outcome.output.isEmpty && !outcome.errors.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: setting.path("run")))
    }

    @Test func aPlaceInsideAFileIsSaidToBeOne() throws {
        let file = try setting.workspace.write("text\n", to: "runs/file.csv")
        for arguments in [
            setting.arguments("file.csv/run"),
            [
                "tokenizer", "train", "--data", file, "--vocab-size", "300", "--out", file + "/a/b",
            ],
        ] {
            let outcome = try Tool.run(arguments)
            #expect(outcome.status == 73)
            #expect(outcome.errors.contains("is a file, not a folder"), "\(outcome.errors)")
        }
    }

    @Test func whatTheGuaranteeDependsOnIsSaidInQuietToo() throws {
        let changes = ["--dataset-size": "", "--label-values": "", "--insecure-seed": "1"]
        let outcome = try setting.finetune("run", changes)
        #expect(outcome.status == 0, "\(outcome.errors)")
        for words in ["NOT PRIVATE", "number of records, 300,", "label values found"] {
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
        }
        let release = try Tool.run([
            "release", setting.path("run"), "--out", setting.workspace.path("released"),
        ])
        #expect(release.output.contains("NOT PRIVATE"))
        #expect(!release.output.contains("epsilon 7"), "\(release.output)")
        let verified = try Tool.run(["verify", setting.workspace.path("released")])
        #expect(verified.output.contains("NOT PRIVATE"))
        #expect(!verified.output.contains("epsilon"), "\(verified.output)")
    }

    @Test func anExistingFolderIsNotOverwritten() throws {
        try FileManager.default.createDirectory(
            atPath: setting.path("run"),
            withIntermediateDirectories: true
        )
        try setting.workspace.write("mine", to: "runs/run/file")
        #expect(try setting.finetune().status == 73)
        #expect(try setting.names() == ["file"])
    }

    @Test func recordsWithOtherLabelsAreDroppedInSilence() throws {
        let values = Self.jsonWithout("billing")
        let some = try setting.workspace.write(values, to: "some.json")
        let outcome = try setting.finetune("run", ["--label-values": some])
        #expect(outcome.status == 0, "\(outcome.errors)")
        // N is the given one, so that nobody can tell how many were dropped.
        #expect(try outcome.json()["sampling_probability"] as? Double == 0.1)
        #expect(!outcome.errors.contains("billing"))
    }

    private static func jsonWithout(_ value: String) -> String {
        FinetuneSetting.labelValues.replacing("\"\(value)\", ", with: "")
    }

    @Test func aUserIsTheUnitWhenAskedFor() throws {
        let rows = DemoCorpus.messages(count: 240, seed: 6).enumerated().map { place, message in
            "user-\(place % 60)," + message.csvLine
        }
        let data = try setting.workspace.write(
            (["who," + DemoMessage.csvHeader] + rows).joined(separator: "\n"),
            to: "users.csv"
        )
        let changes = [
            "--data": data, "--user-column": "who", "--max-records-per-user": "3",
            "--dataset-size": "", "--batch-size": "15", "--delta": "1e-3",
        ]
        let outcome = try setting.finetune("run", changes)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try outcome.json()["sampling_probability"] as? Double == 0.25)
        #expect(
            try setting.finetune("other", changes.merging(["--delta": "0.02"]) { $1 }).status == 78
        )
    }

    @Test func releasedLabelCountsDriveSampling() throws {
        let outcome = try setting.finetune("run", ["--release-label-counts": "1"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try #require(outcome.json()["epsilon"] as? Double) <= 8)
        let sampled = try Tool.run([
            "sample", "--model", setting.path("run"), "--count", "30", "--label-distribution",
            setting.path("run/label-counts.json"), "--max-new-tokens", "8", "--out",
            setting.workspace.path("synthetic.csv"), "--json", "--quiet",
        ])
        #expect(sampled.status == 0, "\(sampled.errors)")
        #expect(try sampled.json()["count"] as? Int == 30)
        let header = try String(
            contentsOfFile: setting.workspace.path("synthetic.csv"),
            encoding: .utf8
        ).prefix { $0 != "\n" && $0 != "\r\n" }
        #expect(header == "text,topic,sentiment")
    }

    @Test func privateDiagnosticsAreWrittenOnRequestForTheOwnerAlone() throws {
        #expect(try setting.finetune("run", flags: ["--private-diagnostics"]).status == 0)
        let path = setting.path("run/diagnostics.private.jsonl")
        #expect(try permissions(path) == 0o600)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 20 && lines.allSatisfy { $0.contains("PRIVATE") })
    }

    @Test func withoutABudgetEveryArtefactSaysNotPrivate() throws {
        let outcome = try setting.finetune("run", ["--epsilon": "inf", "--delta": ""])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let result = try outcome.json()
        #expect(result["epsilon"] as? String == "inf" && result["not_private"] as? Bool == true)
    }

    private func permissions(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }
}
