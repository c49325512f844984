import Foundation
import Testing

/// A run that is stopped at any point ends in the same bits as one that was not.
@Suite struct InterruptionTests {
    /// Long enough to be stopped in the middle; seeded, so that two runs can be compared.
    private static let long = ["--epochs": "40", "--insecure-seed": "3"]
    private static let lastCheckpoint = "step-000400.h5"

    private let setting: FinetuneSetting

    init() throws { setting = try FinetuneSetting() }

    private func expectSameResult(_ first: String, _ second: String) throws {
        for name in [Self.lastCheckpoint, "ledger.jsonl"] {
            let files = try [first, second].map { try setting.bytes($0 + "/" + name) }
            #expect(files[0] == files[1], "\(name) differs")
        }
    }

    @Test func anInterruptedRunEndsIn75AndResumesToTheSameBits() throws {
        let whole = try setting.finetune("whole", Self.long)
        #expect(whole.status == 0, "\(whole.errors)")
        let tool = try Tool.start(setting.arguments("run", Self.long))
        try setting.wait(for: tool) { setting.ledgerLines() >= 5 }
        kill(tool.process.processIdentifier, SIGINT)
        let stopped = tool.outcome()
        #expect(stopped.status == 75, "\(stopped.errors)")
        #expect(stopped.errors.contains("--resume"))
        // Its state so far, where another program looks for it.
        let state = try stopped.json()
        let done = try #require(state["steps_done"] as? Int)
        #expect(done >= 4 && done < 400 && state["steps"] as? Int == 400)
        let resumed = try setting.finetune("run", Self.long, flags: ["--resume"])
        #expect(resumed.status == 0, "\(resumed.errors)")
        try expectSameResult("whole", "run")
    }

    @Test func aRunAloneIsEnoughToResume() throws {
        let tool = try Tool.start(setting.arguments("run", Self.long))
        try setting.wait(for: tool) { setting.ledgerLines() >= 5 }
        kill(tool.process.processIdentifier, SIGINT)
        let stopped = tool.outcome()
        let run = setting.path("run")
        #expect(stopped.errors.contains("dpscribe finetune --resume --out \(run)\n"))
        let elsewhere = try Tool.run(
            ["finetune", "--resume", "--out", run, "--quiet", "--json"],
            in: URL(filePath: "/")
        )
        #expect(elsewhere.status == 0, "\(elsewhere.errors)")
        #expect(try elsewhere.json()["steps_done"] as? Int == 400)
        let whole = try setting.finetune("whole", Self.long)
        #expect(whole.status == 0, "\(whole.errors)")
        try expectSameResult("whole", "run")
        let out = setting.workspace.path("copy")
        let copy = try Tool.run(["export", "--model", run, "--format", "hdf5", "--out", out])
        #expect(copy.status == 0, "\(copy.errors)")
        #expect(!FileManager.default.fileExists(atPath: out + "/command.json"))
    }

    @Test func signalsThatComeTogetherAreOneRequest() throws {
        let tool = try Tool.start(setting.arguments("run", Self.long))
        try setting.wait(for: tool) { setting.ledgerLines() >= 5 }
        for _ in 0..<3 {
            kill(tool.process.processIdentifier, SIGINT)
            usleep(10_000)
        }
        let stopped = tool.outcome()
        #expect(stopped.status == 75 && stopped.errors.contains("--resume"), "\(stopped.errors)")
        #expect(try #require(setting.newestCheckpoint()) > "step-000000.h5")
    }

    @Test func whatIsTrainedStaysAsTheRunBegan() throws {
        let tool = try Tool.start(setting.arguments("run", Self.long))
        try setting.wait(for: tool) { setting.ledgerLines() >= 5 }
        kill(tool.process.processIdentifier, SIGINT)
        #expect(tool.outcome().status == 75)
        let lines = setting.ledgerLines()
        for (option, value, words) in [
            ("--learning-rate", "0.125", ["0.125"]), ("--sequence-length", "20", ["24", "20"]),
            ("--lora-rank", "2", ["none", "2"]),
            ("--model", "tiny", []),
        ] {
            let changes = Self.long.merging([option: value]) { $1 }
            let refused = try setting.finetune("run", changes, flags: ["--resume"])
            #expect(refused.status == 78, "\(option): \(refused.errors)")
            for word in [option] + words { #expect(refused.errors.contains(word)) }
        }
        #expect(setting.ledgerLines() == lines)
    }

    @Test func reservationsThatWillBeLostAreSaidBeforehand() throws {
        let long = Self.long.merging(["--insecure-seed": ""]) { $1 }
        let tool = try Tool.start(setting.arguments("run", long))
        try setting.wait(for: tool) { setting.ledgerLines() >= 5 }
        kill(tool.process.processIdentifier, SIGKILL)
        _ = tool.outcome()
        let reserved = setting.ledgerLines() - 1
        let changes = long.merging(["--micro-batch-size": "7"]) { $1 }
        let resumed = try setting.finetune("run", changes, flags: ["--resume"])
        #expect(resumed.errors.contains("steps 1 to \(reserved) cannot be replayed"))
        #expect(resumed.errors.contains("does not last for all 400 steps"), "\(resumed.errors)")
    }

    @Test func aKilledRunReplaysItsReservedStepsWithoutSpendingTwice() throws {
        let whole = try setting.finetune("whole", Self.long)
        #expect(whole.status == 0, "\(whole.errors)")
        let changes = Self.long.merging(["--checkpoint-every": "0.0005"]) { $1 }
        let tool = try Tool.start(setting.arguments("run", changes))
        try setting.wait(for: tool) {
            (setting.newestCheckpoint() ?? "step-000000.h5") > "step-000000.h5"
        }
        kill(tool.process.processIdentifier, SIGKILL)
        #expect(tool.outcome().status == -SIGKILL)
        let resumed = try setting.finetune("run", Self.long, flags: ["--resume"])
        #expect(resumed.status == 0, "\(resumed.errors)")
        try expectSameResult("whole", "run")
    }

    @Test func resumingNothingBeginsAndResumingTheEndRepeatsTheResult() throws {
        let first = try setting.finetune(flags: ["--resume"])
        #expect(first.status == 0, "\(first.errors)")
        let before = try setting.bytes("run/ledger.jsonl")
        let second = try setting.finetune(flags: ["--resume"])
        #expect(second.status == 0, "\(second.errors)")
        let results = try [first.json(), second.json()]
        for key in ["epsilon", "noise_multiplier"] {
            #expect(results[0][key] as? Double == results[1][key] as? Double)
        }
        #expect(results[1]["steps_done"] as? Int == 20)
        #expect(results[0]["checkpoint"] as? String == results[1]["checkpoint"] as? String)
        #expect(try setting.bytes("run/ledger.jsonl") == before)
    }

    @Test func anEditedOrMissingLedgerEndsWith4() throws {
        #expect(try setting.finetune().status == 0)
        let path = setting.path("run/ledger.jsonl")
        var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        lines.remove(at: 4)
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
        for command in [setting.arguments(flags: ["--resume"]), ["status", setting.path("run")]] {
            let outcome = try Tool.run(command)
            #expect(outcome.status == 4, "\(outcome.errors)")
        }
        try FileManager.default.removeItem(atPath: path)
        #expect(try setting.finetune(flags: ["--resume"]).status == 4)
    }
}
