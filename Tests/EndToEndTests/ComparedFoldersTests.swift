import DemoCorpus
import Foundation
import Testing

/// What other tools write, compared without a flag that names its layout, and inputs at the edges.
@Suite struct ComparedFoldersTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private func rows(_ count: Int, seed: UInt64) -> [String] {
        DemoCorpus.messages(count: count, seed: seed).map(\.csvLine)
    }

    private func compare(
        _ synthetic: String,
        test: String,
        labels: String = "topic,sentiment"
    ) throws -> Tool.Outcome {
        try Tool.run(
            [
                "compare", "--real-test", test, "--synthetic", synthetic, "--label-columns", labels,
                "--out", workspace.path("report"), "--quiet",
            ],
            environment: ["DPSCRIBE_CACHE": workspace.path("cache")]
        )
    }

    private func report() throws -> String {
        try ["report.md", "report.html", "numbers.json"].map {
            try String(contentsOfFile: workspace.path("report/" + $0), encoding: .utf8)
        }.joined()
    }

    @Test func foldersOfOtherToolsAreReadAndUnnoisedVotesPointedOut() throws {
        let test = try workspace.messages(200, seed: 2, to: "test.csv")
        let pe = try ResultFolders.augPE(rows(150, seed: 3), in: workspace)
        let library = try ResultFolders.evolutionLibrary(rows(150, seed: 4), in: workspace)
        let generations = try ResultFolders.generations(rows(150, seed: 5), in: workspace)
        let outcome = try compare(
            "aug-pe=\(pe),pe=\(library),dp-t=\(generations)",
            test: test
        )
        #expect(outcome.status == 0, "\(outcome.errors)")
        let text = try report()
        #expect(text.contains("kept samples of iteration 2"))
        #expect(text.contains("may hold clean_count, votes of private records without noise"))
        #expect(text.contains("PE.CLEAN_HISTOGRAM"))
        #expect(text.contains("mixes kept texts and variations"))
        #expect(!text.contains(ResultFolders.secretVote))
        #expect(!outcome.errors.contains(ResultFolders.secretVote))
    }

    /// Exit status and a word of the message; nothing is written.
    @Test(arguments: [
        ("text,topic,sentiment\n", Int32(65), "no record"), ("", 65, "no record"),
        ("text,topic,sentiment\n,billing,neutral\n", 65, "no usable"),
        ("words,x\nhello,y\n", 65, "text"),
    ])
    func unusableFilesEndWithAMessage(content: String, status: Int32, word: String) throws {
        let test = try workspace.messages(60, seed: 2, to: "test.csv")
        let synthetic = try workspace.write(content, to: "odd.csv")
        let outcome = try compare("odd=\(synthetic)", test: test)
        #expect(outcome.status == status, "\(outcome.errors)")
        #expect(outcome.errors.contains("odd.csv") && outcome.errors.contains(word))
        #expect(try !workspace.names().contains("report"))
    }

    @Test func oddTextsAreFlaggedRows() throws {
        let test = try workspace.messages(120, seed: 2, to: "test.csv")
        let oneClass = try workspace.write(
            "text,topic,sentiment\n"
                + (0..<40).map { "card charged twice \($0),billing,negative\n" }.joined(),
            to: "one.csv"
        )
        let foreign = try workspace.write(
            "text,topic,sentiment\n" + (0..<40).map { "猫が\($0)匹います,billing,neutral\n" }.joined(),
            to: "foreign.csv"
        )
        let few = try workspace.write(
            "text,topic,sentiment\n" + rows(3, seed: 8).joined(separator: "\n") + "\n",
            to: "few.csv"
        )
        let strange = try workspace.write(
            "text,topic,sentiment\n"
                + (0..<40).map { "hello \($0),secret-label,neutral\n" }.joined(),
            to: "strange.csv"
        )
        let outcome = try compare(
            "one=\(oneClass),foreign=\(foreign),few=\(few),strange=\(strange)",
            test: test
        )
        #expect(outcome.status == 0, "\(outcome.errors)")
        let text = try report()
        #expect(text.contains("classes of \"topic\" have no text"))
        #expect(text.contains("of the letters are not Latin"))
        #expect(text.contains("no more texts than neighbours"))
        #expect(
            text.contains(
                "carry a label outside the values that the real test texts have of \"topic\""
            )
        )
        #expect(!text.contains("secret-label") && !outcome.errors.contains("secret-label"))
    }

    @Test func textsOfTheBaseModelAreDrawnOnce() throws {
        let test = try workspace.messages(60, seed: 2, to: "test.csv")
        let own = try workspace.messages(40, seed: 3, to: "own.csv")
        let model = try TinyModel.path()
        func metrics() throws -> String {
            let outcome = try Tool.run(
                [
                    "compare", "--real-test", test, "--synthetic", "own=\(own)", "--label-columns",
                    "topic", "--out", workspace.path("report-\(UUID().uuidString)"), "--model",
                    model,
                    "--json", "--quiet",
                ],
                environment: ["DPSCRIBE_CACHE": workspace.path("cache")]
            )
            let rows = try #require(try outcome.json()["rows"] as? [[String: Any]])
            let row = try JSONSerialization.data(withJSONObject: rows[2], options: .sortedKeys)
            return String(decoding: row, as: UTF8.self)
        }
        let first = try metrics()
        let kept = try FileManager.default.contentsOfDirectory(atPath: workspace.path("cache"))
        #expect(kept.count == 1)
        let file = workspace.path("cache/" + (kept.first ?? ""))
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        let date = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate]
        #expect(try metrics() == first)
        let later = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate]
        #expect(date as? Date == later as? Date)
    }
}
