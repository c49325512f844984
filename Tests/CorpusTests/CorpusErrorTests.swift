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

    @Test func aMissingColumnNamesFileAndColumns() throws {
        let error = failure("a,b\n1,2\n", "x.csv", ColumnSelection(text: "text"))
        guard case .missingColumn(let path, "text", ["a", "b"]) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(path.hasSuffix("/x.csv"))
        #expect(
            error?.description.contains("no column \"text\". The columns are \"a\", \"b\".") == true
        )
    }

    @Test func aColumnThatNoObjectHasIsMissingAndNoKeyIsNamed() {
        let error = failure("{\"secret\":\"x\"}\n", "x.jsonl")
        guard case .missingColumn(_, "text", []) = error else {
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
