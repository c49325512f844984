import Foundation
import Testing

/// A run whose `run.json` was edited by hand, or is gone, is refused by every command that reads it.
@Suite struct DescriptionTests {
    @Test(arguments: ["edited", "missing"])
    func anEditedOrMissingDescriptionEndsWith4(fate: String) throws {
        let setting = try FinetuneSetting()
        #expect(try setting.finetune().status == 0)
        let (run, file) = (setting.path("run"), setting.path("run/run.json"))
        let url = URL(filePath: file)
        if fate == "edited" {
            try (Data(contentsOf: url) + Data(" ".utf8)).write(to: url)
        } else {
            try FileManager.default.removeItem(at: url)
        }
        let outputs = ["text.csv", "exported", "released", "report"].map(setting.workspace.path)
        let real = setting.workspace.path("private.csv")
        let commands = [
            ["status", run], ["inspect", run], ["serve", "--model", run, "--port", "0"],
            ["sample", "--model", run, "--count", "1", "--out", outputs[0]],
            ["export", "--model", run, "--out", outputs[1]],
            ["release", run, "--out", outputs[2]],
            [
                "compare", "--real-test", real, "--synthetic", "a=" + real, "--label-columns",
                "topic", "--embedding", run, "--out", outputs[3],
            ],
            setting.arguments(flags: ["--resume"]),
        ]
        for command in commands {
            let outcome = try answer(to: command)
            #expect(outcome.status == 4, "\(command[0]): \(outcome.errors)")
            #expect(outcome.errors.contains("run.json"), "\(command[0]): \(outcome.errors)")
            #expect(outcome.errors.contains("estore it from a copy"), "\(outcome.errors)")
        }
        for output in outputs { #expect(!FileManager.default.fileExists(atPath: output)) }
    }

    /// How the command ends; one that goes on after its first line, a server, is stopped.
    private func answer(to command: [String]) throws -> Tool.Outcome {
        let running = try Tool.start(command)
        while running.process.isRunning, !running.outputSoFar.contains("\n") { usleep(10_000) }
        running.process.terminate()
        return running.outcome()
    }
}
