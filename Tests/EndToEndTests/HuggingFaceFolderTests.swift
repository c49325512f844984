import Foundation
import Testing

/// Folders as transformers leaves them (see Fixtures/make_huggingface.py), opened by every command.
@Suite struct HuggingFaceFolderTests {
    private static let fixtures = Tool.packageRoot
        .appending(path: "Tests/EndToEndTests/Fixtures/huggingface")
    private static let names = ["prefixed", "bare"]
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private func folder(_ name: String) -> String {
        Self.fixtures.appending(path: name).path
    }

    /// The greedy continuations that transformers' generate gave, by prompt.
    private func expected(_ name: String) throws -> [String: String] {
        let data = try Data(contentsOf: Self.fixtures.appending(path: "expected.json"))
        let all = try JSONDecoder().decode([String: [String: String]].self, from: data)
        return try #require(all[name])
    }

    private func expectContinuations(of model: String, _ expected: [String: String]) throws {
        for (prompt, continuation) in expected {
            let path = workspace.path("out.jsonl")
            let outcome = try Tool.run([
                "sample", "--model", model, "--prompt", prompt, "--temperature", "0", "--count",
                "1",
                "--max-new-tokens", "24", "--out", path, "--quiet",
            ])
            #expect(outcome.status == 0, "\(outcome.errors)")
            let row = try JSONDecoder().decode(
                [String: String].self,
                from: Data(contentsOf: URL(filePath: path))
            )
            #expect(row["text"] == continuation, "after \(prompt)")
        }
    }

    @Test(arguments: names)
    func greedyTextIsThatOfTransformersBeforeAndAfterImport(name: String) throws {
        let expected = try expected(name)
        try expectContinuations(of: folder(name), expected)
        let imported = workspace.path("imported")
        #expect(
            try Tool.run(["import", "--from", folder(name), "--out", imported]).status == 0
        )
        try expectContinuations(of: imported, expected)
    }

    @Test(arguments: names)
    func aRunFromSuchAFolderNeedsNothingElse(name: String) throws {
        let run = workspace.path("run")
        let data = try workspace.write("a red boat\nseven geese\nrain fell\n", to: "private.txt")
        let made = try Tool.run([
            "finetune", "--model", folder(name), "--data", data, "--dataset-size", "3",
            "--epsilon", "8", "--delta", "0.01", "--batch-size", "2", "--epochs", "2",
            "--learning-rate", "1e-6", "--noise-multiplier", "2", "--sequence-length", "16",
            "--out", run, "--quiet",
        ])
        #expect(made.status == 0, "\(made.errors)")
        let exported = workspace.path("exported")
        #expect(
            try Tool.run([
                "export", "--model", run, "--format", "safetensors", "--out", exported,
            ]).status == 0
        )
        // Steps of 1e-6 do not change what is likeliest.
        try expectContinuations(of: run, expected(name))
        try expectContinuations(of: exported, expected(name))
    }

    @Test func inspectDescribesIt() throws {
        let description = try Tool.run(["inspect", folder("prefixed"), "--json"]).json()
        #expect(description["parameters"] as? Int == 37_792)
        #expect(description["vocab_size"] as? Int == 321)
    }

    @Test func anotherArchitectureIsRefusedByName() throws {
        let copy = workspace.path("other")
        try FileManager.default.copyItem(atPath: folder("bare"), toPath: copy)
        let config = try String(contentsOfFile: copy + "/config.json", encoding: .utf8)
        try config.replacingOccurrences(of: "\"gpt2\"", with: "\"gemma2\"")
            .write(toFile: copy + "/config.json", atomically: true, encoding: .utf8)
        let outcome = try Tool.run(["inspect", copy])
        #expect(outcome.status == 78, "\(outcome.errors)")
        #expect(outcome.errors.contains("gemma2"), "\(outcome.errors)")
    }
}
