import Foundation
import Testing

@testable import Corpus

@Suite struct SyntheticTextTests {
    static let texts: [[UInt8]] = [
        "plain", "a,b", "say \"hi\"", "two\nlines", "cr\r\nlf\r", "=1+1", "+a", "-a", "@a", "\ta",
        "\ra", "\0a",
        " spaces ", "caf\u{E9} cafe\u{301} 😀", "tab\tand \u{2028}", "\u{7F}\u{1B}[0m", "\\ back",
        "'",
    ].map { Array($0.utf8) }

    private func written(
        _ name: String,
        _ formulas: SyntheticTextWriter.Formulas = .verbatim,
        in folder: String,
        texts: [[UInt8]] = texts
    ) throws -> String {
        let path = folder + "/" + name
        let writer = try SyntheticTextWriter(
            path: path,
            labelColumns: ["stars", "kind"],
            formulas: formulas
        )
        for text in texts {
            try writer.write(text: text, labels: [Array("Stars: 5.0".utf8), Array("a,\"b".utf8)])
        }
        try writer.finish()
        return path
    }

    @Test(arguments: ["a.csv", "a.jsonl"]) func whatIsWrittenIsReadBack(_ name: String) throws {
        try Fixture.inFolder { folder in
            let path = try written(name, in: folder)
            let columns = ColumnSelection(labels: ["stars", "kind"])
            let read = try SyntheticTextReader.read(path: path, columns: columns)
            #expect(read.items.map(\.text) == Self.texts)
            #expect(
                read.items.allSatisfy {
                    $0.labels == [Array("Stars: 5.0".utf8), Array("a,\"b".utf8)]
                }
            )
            #expect(read.droppedCount == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [name])
        }
    }

    @Test func csvIsRFC4180() throws {
        try Fixture.inFolder { folder in
            let path = try written("a.csv", in: folder, texts: [Array("a \"b\"\nc".utf8), [0x64]])
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(
                text.utf8.elementsEqual(
                    "text,stars,kind\r\n\"a \"\"b\"\"\nc\",Stars: 5.0,\"a,\"\"b\"\r\nd,Stars: 5.0,\"a,\"\"b\"\r\n"
                        .utf8
                )
            )
        }
    }

    @Test func jsonLinesAreReadByFoundation() throws {
        try Fixture.inFolder { folder in
            let path = try written("a.jsonl", in: folder)
            let lines = try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: 0x0A)
            #expect(lines.count == Self.texts.count)
            for (line, text) in zip(lines, Self.texts) {
                let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: String]
                #expect(object.map { Array(($0["text"] ?? "").utf8) } == text)
            }
        }
    }

    @Test func textFilesHoldOneLineARecord() throws {
        try Fixture.inFolder { folder in
            let path = try written("a.txt", in: folder, texts: [Array("a\r\nb\nc\r".utf8), [0x64]])
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "a b c \nd\n")
        }
    }

    @Test func theGuardPutsAnApostropheBeforeFormulasInCSVAlone() throws {
        try Fixture.inFolder { folder in
            for (name, isGuarded) in [("a.csv", true), ("a.jsonl", false)] {
                let path = try written(name, .guarded, in: folder)
                let columns = ColumnSelection(labels: ["stars", "kind"])
                let read = try SyntheticTextReader.read(path: path, columns: columns)
                let expected = Self.texts.map { text in
                    isGuarded && "=+-@\t\r\0".utf8.contains(text[0])
                        ? [UInt8(ascii: "'")] + text : text
                }
                #expect(read.items.map(\.text) == expected)
            }
        }
    }

    @Test func bytesThatAreNotUTF8BecomeReplacementCharacters() throws {
        try Fixture.inFolder { folder in
            let path = try written("a.csv", in: folder, texts: [[0x61, 0xFF, 0xE2, 0x82, 0x62]])
            let columns = ColumnSelection(labels: ["stars", "kind"])
            let read = try SyntheticTextReader.read(path: path, columns: columns)
            #expect(read.items[0].text == Array("a\u{FFFD}\u{FFFD}\u{FFFD}b".utf8))
        }
    }

    @Test func anUnfinishedFileLeavesNothingAndKeepsWhatWasThere() throws {
        try Fixture.inFolder { folder in
            let path = try Fixture.write("old", to: "a.csv", in: folder)
            do {
                let writer = try SyntheticTextWriter(path: path, labelColumns: [])
                for _ in 0..<100_000 { try writer.write(text: Array("some text".utf8), labels: []) }
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
            }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.csv"])
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
    func aFullDiskIsSaid() throws {
        let file = try OutputFile(path: "out.csv", temporaryPath: "/dev/full")
        #expect(
            throws: CorpusError.cannotWrite(
                path: "out.csv",
                reason: "the disk is full",
                isDiskFull: true
            )
        ) {
            let writer = try SyntheticTextWriter(
                file: file,
                format: .csv,
                labelColumns: [],
                formulas: .verbatim
            )
            for _ in 0..<100_000 { try writer.write(text: Array("some text".utf8), labels: []) }
            try writer.finish()
        }
    }

    @Test func placesThatCannotBeWrittenAreSaid() {
        #expect(throws: CorpusError.self) {
            try SyntheticTextWriter(path: "/none/at/all/a.csv", labelColumns: [])
        }
        #expect(throws: CorpusError.unsupportedFormat(path: "a.xml")) {
            try SyntheticTextWriter(path: "a.xml", labelColumns: [])
        }
        #expect(throws: CorpusError.self) {
            try SyntheticTextWriter(path: "a.csv", labelColumns: ["text"])
        }
    }
}
