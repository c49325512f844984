import Foundation
import Testing

@Suite struct TokenizerCommandTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    @Test func theVocabularyHasTheSizeAskedFor() throws {
        let data = try workspace.posts(500)
        let out = workspace.path("tokenizer")
        let result = try Tool.run([
            "tokenizer", "train", "--data", data, "--vocab-size", "600", "--out", out, "--json",
        ]).json()
        #expect(result["vocab_size"] as? Int == 600)
        let bytes = try Data(contentsOf: URL(filePath: out + "/vocab.json"))
        let vocabulary = try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Int])
        #expect(Set(vocabulary.values) == Set(0..<600))
    }

    @Test func anExistingFolderIsLeftAlone() throws {
        let data = try workspace.posts(50)
        let arguments = ["tokenizer", "train", "--data", data, "--vocab-size", "300", "--out"]
        try FileManager.default.createDirectory(
            atPath: workspace.path("full"),
            withIntermediateDirectories: false
        )
        try workspace.write("mine", to: "full/note.txt")
        let outcome = try Tool.run(arguments + [workspace.path("full")])
        #expect(outcome.status == 73)
        #expect(try workspace.names() == ["public.txt", "full"])
        #expect(
            try String(contentsOfFile: workspace.path("full/note.txt"), encoding: .utf8) == "mine"
        )
    }

    @Test func anErrorLeavesNothingBehind() throws {
        let data = try workspace.write("\n\n", to: "blank.txt")
        let outcome = try Tool.run([
            "tokenizer", "train", "--data", data, "--vocab-size", "300", "--out",
            workspace.path("tokenizer"),
        ])
        #expect(outcome.status == 65)
        #expect(try workspace.names() == ["blank.txt"])
    }

    @Test func thePrivateCorpusOfARunInAnotherFolderIsRefused() throws {
        let data = try workspace.messages(60, seed: 1, to: "private.csv")
        let run = try Tool.run([
            "finetune", "--data", data, "--epsilon", "inf", "--epochs", "1", "--batch-size", "30",
            "--sequence-length", "24", "--model", TinyModel.path(), "--out",
            workspace.path("ck/run"),
        ])
        #expect(run.status == 0, "\(run.errors)")
        let outcome = try Tool.run([
            "tokenizer", "train", "--data", data, "--vocab-size", "300", "--out",
            workspace.path("tokenizer"),
        ])
        #expect(outcome.status == 4)
        #expect(outcome.errors.contains("ck/run"), "\(outcome.errors)")
    }

    @Test(arguments: ["0", "256", "2000000"])
    func anImpossibleSizeIsABadConfiguration(size: String) throws {
        let data = try workspace.posts(5)
        let outcome = try Tool.run([
            "tokenizer", "train", "--data", data, "--vocab-size", size, "--out",
            workspace.path("tokenizer"),
        ])
        #expect(outcome.status == 78)
        #expect(outcome.errors.contains("--vocab-size is \(size)"))
    }
}
