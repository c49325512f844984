import Foundation
import Testing

@testable import CommandLineTool

/// What a run remembers of the command that began it.
@Suite struct ResumableCommandTests {
    private let folder: String

    init() throws {
        folder =
            FileManager.default.temporaryDirectory
            .appending(path: "dpscribe-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: folder + "/run",
            withIntermediateDirectories: true
        )
        for name in ["a.csv", "b,c.csv", "d.csv"] { try Data().write(to: file(name)) }
    }

    private func file(_ name: String) -> URL { URL(filePath: folder).appending(path: name) }

    @Test func optionsAreKeptWithWholePaths() throws {
        let command = try #require(
            ResumableCommand(
                [
                    "finetune", "--data", "a.csv,d.csv", "b,c.csv", "--epsilon=8", "--json",
                    "--out",
                    "run", "--model", "no-such-file", "--exact-noise", "--label-values=d.csv",
                    "--config", "x.yaml", "--quiet",
                ],
                folder: folder
            )
        )
        #expect(command.command == "finetune")
        #expect(
            command.options == [
                ["--data"] + ["a.csv", "d.csv"].map { file($0).path } + [folder + "/b,c.csv"],
                ["--epsilon=8"], ["--model", "no-such-file"], ["--exact-noise"],
                ["--label-values", file("d.csv").path],
            ]
        )
        #expect(ResumableCommand(["sample", "--out", "x"], folder: folder) == nil)
    }

    @Test func aRunAloneIsEnough() throws {
        let run = folder + "/run"
        let begun = ["finetune", "--data", "a.csv", "--epsilon", "8", "--delta", "1e-5"]
        try ResumableCommand(begun, folder: folder)?.save(to: run)
        let mode = try FileManager.default.attributesOfItem(atPath: run + "/command.json")
        #expect(mode[.posixPermissions] as? Int == 0o600)
        let alone = ["finetune", "--resume", "--out", run, "--threads", "2", "--delta", "1e-6"]
        #expect(
            try ResumableCommand.expanding(alone)
                == alone + ["--data", file("a.csv").path, "--epsilon", "8"]
        )
        let joined = ["finetune", "--out=\(run)", "--resume"]
        #expect(try ResumableCommand.expanding(joined).count == joined.count + 6)
        // What is whole, begins a run, or is another command stays as it is.
        for given in [
            begun + ["--resume", "--out", run], ["finetune", "--out", run],
            ["evolve", "--resume", "--out", run], ["finetune", "--resume", "--out", folder],
        ] {
            #expect(try ResumableCommand.expanding(given) == given)
        }
        ResumableCommand.remove(from: run)
        #expect(try ResumableCommand.expanding(alone) == alone)
    }

    @Test func theLineToTypeIsOneForTheShell() {
        #expect(
            ResumableCommand.line("finetune", run: "runs/a-1")
                == "dpscribe finetune --resume --out runs/a-1"
        )
        #expect(
            ResumableCommand.line("evolve", run: "my 'run")
                == #"dpscribe evolve --resume --out 'my '\''run'"#
        )
    }
}
