import Foundation
import Testing

@Suite struct UsageTests {
    @Test func helpAndVersionGoToStandardOutput() throws {
        for flag in ["--help", "--version"] {
            let outcome = try Tool.run([flag])
            #expect(outcome.status == 0 && !outcome.output.isEmpty && outcome.errors.isEmpty)
        }
    }

    @Test(arguments: [
        ["no-such-command"], ["privacy", "epsilon", "--no-such-flag"], ["privacy", "epsilon"],
        ["plan", "--records", "many"], ["privacy", "epsilon", "--accountant", "guess"],
    ])
    func unknownFlagsAndCommandsAreUsageErrors(arguments: [String]) throws {
        let outcome = try Tool.run(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("Error:"))
    }

    @Test func aConfigurationFileStandsForFlags() throws {
        let folder = try ScratchFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "epsilon.yaml")
        try Data(
            """
            noise-multiplier: 1
            sampling-probability: 0.01
            steps: 500
            delta: 1e-5
            accountant: rdp
            """.utf8
        ).write(to: file)
        let arguments = ["privacy", "epsilon", "--json", "--config", file.path]
        let fromFile = try Tool.run(arguments + ["--steps", "1000"]).json()
        // Order-7.8 Rényi bound of these parameters, computed with 40-digit arithmetic.
        #expect(abs(try #require(fromFile["epsilon"] as? Double) - 2.101365) < 1e-6)

        try Data("noise-multiplier: 1\ncolour: red".utf8).write(to: file)
        let outcome = try Tool.run(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("colour"))
    }
}
