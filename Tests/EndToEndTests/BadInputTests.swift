import Foundation
import Testing

/// Every command that reads records meets the same bad files in the same way.
@Suite struct BadInputTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private func lint(_ arguments: [String]) throws -> Tool.Outcome {
        try Tool.run(["lint", "--json", "--data"] + arguments)
    }

    @Test func aMissingFileEndsWith66() throws {
        let outcome = try lint([workspace.path("nowhere.csv")])
        #expect(outcome.status == 66)
        #expect(outcome.errors.contains("nowhere.csv"))
    }

    @Test func anEmptyFileEndsWith65() throws {
        for name in ["empty.csv", "empty.jsonl", "empty.txt"] {
            #expect(try lint([workspace.write("", to: name)]).status == 65)
        }
        #expect(try lint([workspace.write("text,topic\n", to: "header.csv")]).status == 65)
    }

    @Test func lintSaysWhyNoRecordIsUsable() throws {
        let lists = try workspace.write(
            #"{"text": "one", "topic": ["a"]}"# + "\n",
            to: "lists.jsonl"
        )
        let outcome = try lint([lists, "--label-columns", "topic"])
        #expect(outcome.status == 65 && outcome.output.contains(#""wrong-type":1"#))
        #expect(outcome.errors.contains("for the reasons above"), "\(outcome.errors)")
    }

    @Test func aMissingColumnEndsWith65AndCountsTheColumns() throws {
        let data = try workspace.write("body,topic\nhello,a\n", to: "columns.csv")
        let outcome = try lint([data, "--text-column", "te\u{1B}xt"])
        #expect(outcome.status == 65)
        #expect(outcome.errors.contains(#""te\u{1B}xt""#) && outcome.errors.contains("2 columns"))
        #expect(!outcome.errors.contains("body"))
    }

    @Test func anUnknownFormatEndsWith64() throws {
        #expect(try lint([workspace.write("hello", to: "text.docx")]).status == 64)
    }

    @Test func oneBadRecordIsDroppedAlone() throws {
        var bytes = Array("text,topic\n\"quoted\nnewline, and \"\"quotes\"\"\",a\n".utf8)
        bytes += [0xFF, 0xFE] + Array("broken,a\nplain,b\n".utf8)
        bytes += Array((String(repeating: "x", count: 200 << 10) + ",a\n,b\n").utf8)
        let data = try workspace.write(bytes, to: "mixed.csv")
        let outcome = try lint([data, "--label-columns", "topic"])
        #expect(outcome.status == 0)
        let found = try outcome.json()
        #expect(found["records"] as? Int == 3)
        let bad = try #require(found["bad_records"] as? [String: Int])
        #expect(bad == ["invalid-utf-8": 1, "empty-text": 1])
    }

    @Test func onlyBadRecordsEndWith65() throws {
        let data = try workspace.write("text\n\"\"\n\"\"\n", to: "bad.csv")
        #expect(try lint([data]).status == 65)
    }

    @Test func noErrorQuotesARecord() throws {
        let secret = "canary-5417"
        let rows = "\(secret)-header,topic\n\(secret),\(secret)\n"
        let data = try workspace.write("text,topic\n" + rows, to: "canary.csv")
        let values = try workspace.write(#"{"topic": ["a"]}"#, to: "values.json")
        let outcomes = try [
            lint([data, "--label-columns", "topic", "--label-values", values]),
            Tool.run([
                "compare", "--real-test", data, "--synthetic", "a=\(data)", "--label-columns",
                "topic", "--label-values", values, "--out", workspace.path("report"),
            ]),
        ]
        for outcome in outcomes {
            #expect(!outcome.errors.contains(secret) && !outcome.output.contains(secret))
        }
    }
}
