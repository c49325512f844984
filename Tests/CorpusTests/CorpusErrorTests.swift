import Foundation
import Testing

@testable import Corpus

@Suite struct CorpusErrorTests {
    private func failure(
        _ text: String,
        _ name: String,
        _ columns: ColumnSelection = ColumnSelection()
    ) -> CorpusError? {
        do {
            _ = try Fixture.inFolder { folder in
                let path = try Fixture.write(text, to: name, in: folder)
                return try CorpusReader.readAll(paths: [path], columns: columns)
            }
            return nil
        } catch {
            return error as? CorpusError
        }
    }

    @Test(arguments: ["secret,b\n1,2\n", "text,secret\n1,2\n", "\u{1B}[2Jsecret,b\n1,2\n"])
    func aMissingColumnNamesTheFileAndCountsColumns(_ text: String) throws {
        let columns = ColumnSelection(labels: ["topic"])
        let error = try #require(failure(text, "x.csv", columns))
        guard case .missingColumn(let path, _, .firstLine(2)) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(path.hasSuffix("/x.csv"))
        #expect(error.description.contains("has 2 columns. Is it a header line?"))
        #expect(!error.description.contains("secret"))
    }

    @Test func aColumnThatNoObjectHasIsMissingAndNoKeyIsNamed() {
        let error = failure("{\"secret\":\"x\"}\n", "x.jsonl")
        guard case .missingColumn(_, "text", .objects) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.contains("secret") == false)
    }

    @Test func textFilesHaveNoLabels() {
        guard
            case .missingColumn(_, "l", _) = failure("a\n", "x.txt", ColumnSelection(labels: ["l"]))
        else {
            Issue.record("labels were read from a text file")
            return
        }
    }

    @Test(arguments: ["x.csv", "x.jsonl", "x.txt"], ["", "\n", "\u{FEFF}", "\r\n\r\n"])
    func aFileWithoutRecordsIsEmpty(_ name: String, _ text: String) {
        guard case .emptyFile = failure(text, name) else {
            Issue.record("\(name) was read")
            return
        }
    }

    @Test func aHeaderAloneIsEmpty() {
        guard case .emptyFile = failure("text\n", "x.csv") else {
            Issue.record("the file was read")
            return
        }
    }

    @Test func badRecordsAloneAreNoUsableRecord() {
        guard case .noUsableRecord = failure("text\n\"a\"b\n", "x.csv") else {
            Issue.record("the file was read")
            return
        }
    }

    @Test func columnsThatOccurTwiceAreAmbiguous() {
        guard case .malformedFile = failure("text,text\na,b\n", "x.csv") else {
            Issue.record("the file was read")
            return
        }
    }

    @Test func missingFilesFoldersAndFormatsAreToldApart() throws {
        func open(_ path: String) throws -> CorpusReader {
            try CorpusReader(paths: [path], columns: ColumnSelection())
        }
        #expect(throws: CorpusError.noSuchFile(path: "/none/a.csv")) { try open("/none/a.csv") }
        #expect(throws: CorpusError.unsupportedFormat(path: "a.parquet")) { try open("a.parquet") }
        try Fixture.inFolder { folder in
            let path = folder + "/a.csv"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            #expect(throws: CorpusError.unreadable(path: path, reason: "it is a folder")) {
                try open(path)
            }
        }
    }
}
