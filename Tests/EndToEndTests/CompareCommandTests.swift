import Foundation
import Testing

@Suite struct CompareCommandTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    @Test func rowsFilesAndKeysAreAsDocumented() throws {
        let test = try workspace.messages(300, seed: 2, to: "test.csv")
        let good = try workspace.messages(300, seed: 1, to: "good.csv")
        let noise = try workspace.write(
            "text,topic,sentiment\n"
                + (0..<300).map { "word \($0 % 7),billing,neutral\n" }.joined(),
            to: "noise.csv"
        )
        let out = workspace.path("report")
        let result = try Tool.run([
            "compare", "--real-test", test, "--synthetic", "good=\(good),noise=\(noise)",
            "--label-columns", "topic,sentiment", "--out", out, "--json", "--quiet",
        ]).json()
        #expect(result["report"] as? String == out + "/report.md")
        let rows = try #require(result["rows"] as? [[String: Any]])
        let names = rows.compactMap { $0["name"] as? String }
        #expect(names == ["majority-class", "real", "untuned-base", "good", "noise"])
        for file in ["report.md", "report.html", "numbers.json"] {
            #expect(FileManager.default.fileExists(atPath: out + "/" + file))
        }
        let accuracies = try rows.map { row -> [String: Double] in
            let metrics = try #require(row["metrics"] as? [String: Any])
            return try #require(metrics["accuracy"] as? [String: Double])
        }
        #expect(Set(accuracies[3].keys) == ["topic", "sentiment"])
        let (majority, good3, noise4) = try (
            #require(accuracies[0]["topic"]), #require(accuracies[3]["topic"]),
            #require(accuracies[4]["topic"])
        )
        let verdicts = try #require(result["verdicts"] as? [[String: Any]])
        #expect(verdicts.compactMap { $0["name"] as? String } == ["good", "noise"])
        let words = try verdicts.map { try #require($0["text"] as? String) }
        #expect(words[0].contains("of the way from guessing to real text"))
        #expect(words[1].contains("always answering"))
        let page = try String(contentsOfFile: out + "/report.md", encoding: .utf8)
        for text in words { #expect(page.contains(text)) }
        // Text of the same source must beat the majority class; one label alone cannot.
        #expect(good3 > majority + 0.1)
        #expect(noise4 <= majority)
    }

    /// What one method's texts lack is not the base model's fault.
    @Test func theUntunedBaseDependsOnNoMethod() throws {
        let test = try workspace.messages(150, seed: 2, to: "test.csv")
        let good = try workspace.messages(120, seed: 1, to: "good.csv")
        let odd = try workspace.write(
            "text,topic,sentiment\n" + (0..<120).map { "word \($0),7,8\n" }.joined(),
            to: "odd.csv"
        )
        let bases = try ["good=\(good),odd=\(odd)", "odd=\(odd),good=\(good)"].enumerated().map {
            number,
            sets in
            let out = workspace.path("report\(number)")
            let rows =
                try Tool.run(
                    [
                        "compare", "--real-test", test, "--synthetic", sets, "--label-columns",
                        "topic,sentiment", "--out", out, "--json", "--quiet",
                    ],
                    environment: ["DPSCRIBE_CACHE": workspace.path("cache")]
                ).json()["rows"] as? [[String: Any]]
            let base = try #require(rows?.first { $0["name"] as? String == "untuned-base" })
            #expect(
                try String(contentsOfFile: out + "/report.md", encoding: .utf8).contains(
                    "after the labels of the real test texts in their order, at most 64 tokens"
                )
            )
            return try JSONSerialization.data(withJSONObject: base, options: .sortedKeys)
        }
        #expect(bases[0] == bases[1])
        #expect(String(decoding: bases[0], as: UTF8.self).contains("accuracy\":{\"sentiment"))
    }

    /// The terminal ends with the same words as the report, and says how many test texts were trained on.
    @Test func theTerminalSaysWhatItIsWorthAndWhatIsWrongWithIt() throws {
        let test = try workspace.messages(150, seed: 2, to: "test.csv")
        let train = try workspace.messages(150, seed: 1, to: "train.csv")
        let copied = try String(contentsOfFile: test, encoding: .utf8).split(separator: "\n")[1]
        try (String(contentsOfFile: train, encoding: .utf8) + copied + "\n")
            .write(toFile: train, atomically: true, encoding: .utf8)
        let out = workspace.path("report")
        let outcome = try Tool.run([
            "compare", "--real-test", test, "--real-train", train, "--synthetic",
            "copy=\(train)", "--label-columns", "topic", "--out", out,
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let numbers = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(filePath: out + "/numbers.json"))
            ) as? [String: Any]
        )
        let verdict = try #require((numbers["verdicts"] as? [[String: Any]])?.first)
        let text = try #require(verdict["text"] as? String)
        #expect(outcome.output.contains("copy: " + text))
        #expect(text.contains("Closeness: records that were trained on lie nearer"))
        #expect(outcome.errors.contains("real test text"))
        #expect(outcome.errors.contains("also in the training file"))
    }

    @Test func duplicateNamesAndMissingFilesAreErrors() throws {
        let test = try workspace.messages(60, seed: 2, to: "test.csv")
        func status(_ synthetic: String) throws -> Int32 {
            try Tool.run([
                "compare", "--real-test", test, "--synthetic", synthetic, "--label-columns",
                "topic", "--out", workspace.path("report"),
            ]).status
        }
        #expect(try status("real=\(test)") == 64)
        #expect(try status("a=\(test),a=\(test)") == 64)
        #expect(try status("test.csv") == 64)
        #expect(try status("a=\(workspace.path("nowhere.csv"))") == 66)
        #expect(try workspace.names() == ["test.csv"])
    }
}
