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
        let outputs = ["text.csv", "exported", "released"].map(setting.workspace.path)
        let commands = [
            ["status", run],
            ["sample", "--model", run, "--count", "1", "--out", outputs[0]],
            ["export", "--model", run, "--out", outputs[1]],
            ["release", run, "--out", outputs[2]],
            setting.arguments(flags: ["--resume"]),
        ]
        for command in commands {
            let outcome = try Tool.run(command)
            #expect(outcome.status == 4, "\(command[0]): \(outcome.errors)")
            #expect(outcome.errors.contains("run.json"), "\(command[0]): \(outcome.errors)")
            #expect(outcome.errors.contains("estore it from a copy"), "\(outcome.errors)")
        }
        for output in outputs { #expect(!FileManager.default.fileExists(atPath: output)) }
    }
}
