import Foundation
import Testing

/// Drives sampling and the model commands on a tiny model that was trained for a second.
@Suite struct SampleCommandTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    @discardableResult
    private func sample(_ arguments: [String], to name: String) throws -> Tool.Outcome {
        try Tool.run(
            ["sample", "--model", try TinyModel.path(), "--out", workspace.path(name)] + arguments
        )
    }

    @Test func aSeedFixesTheTextWhateverTheThreads() throws {
        let options = ["--count", "70", "--max-new-tokens", "12", "--json", "--quiet"]
        let first = try sample(options + ["--seed", "7", "--threads", "1"], to: "a.csv").json()
        #expect(first["count"] as? Int == 70)
        #expect(first["tokens"] is Int && first["tokens_per_second"] is Double)
        try sample(options + ["--seed", "7", "--threads", "2"], to: "b.csv")
        try sample(options + ["--seed", "8"], to: "c.csv")
        let files = try ["a.csv", "b.csv", "c.csv"].map {
            try Data(contentsOf: workspace.folder.appending(path: $0))
        }
        #expect(files[0] == files[1])
        #expect(files[0] != files[2])
    }

    @Test func everyRowHasText() throws {
        #expect(
            try sample(["--count", "40", "--max-new-tokens", "3"], to: "rows.jsonl").status == 0
        )
        let lines = try String(contentsOfFile: workspace.path("rows.jsonl"), encoding: .utf8)
            .split(separator: "\n")
        #expect(lines.count == 40)
        for line in lines {
            let row = try JSONSerialization.jsonObject(with: Data(line.utf8))
            let text = try #require((row as? [String: String])?["text"])
            let isBlank = text.allSatisfy(\.isWhitespace)
            #expect(!isBlank)
        }
    }

    @Test func impossibleRequestsSayWhy() throws {
        #expect(try sample(["--count", "0"], to: "x.csv").status == 78)
        #expect(try sample(["--count", "1", "--top-p", "0"], to: "x.csv").status == 78)
        #expect(try sample(["--count", "1", "--temperature=-1"], to: "x.csv").status == 78)
        #expect(try sample(["--count", "1", "--labels", "topic=a"], to: "x.csv").status == 64)
        #expect(try sample(["--count", "1"], to: "x.docx").status == 64)
        let missing = try Tool.run([
            "sample", "--model", workspace.path("none"), "--count", "1", "--out",
            workspace.path("x.csv"),
        ])
        #expect(missing.status == 66)
        let names = try workspace.names()
        #expect(!names.contains("x.csv"))
    }

    @Test func modelsAreCopiedWithoutLoss() throws {
        for (format, name) in [("safetensors", "st"), ("hdf5", "h5")] {
            let outcome = try Tool.run([
                "export", "--model", try TinyModel.path(), "--format", format, "--out",
                workspace.path(name),
            ])
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
        let again = try Tool.run([
            "import", "--from", workspace.path("h5"), "--out", workspace.path("again"),
        ])
        #expect(again.status == 0, "\(again.errors)")
        let weights = try ["st", "again"].map {
            try Data(contentsOf: workspace.folder.appending(path: "\($0)/model.safetensors"))
        }
        #expect(weights[0] == weights[1])
        let described = try Tool.run(["inspect", workspace.path("again"), "--json"]).json()
        #expect(described["layers"] as? Int == 2 && described["width"] as? Int == 32)
    }

    @Test func anotherOutputFolderIsNeverOverwritten() throws {
        let outcome = try Tool.run([
            "export", "--model", try TinyModel.path(), "--out", try TinyModel.tokenizer(),
        ])
        #expect(outcome.status == 73)
    }
}
