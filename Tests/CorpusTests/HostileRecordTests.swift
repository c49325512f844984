import Foundation
import TestData
import Testing

@testable import Corpus

@Suite struct HostileRecordTests {
    private static let fragments: [[UInt8]] =
        [
            "\"", "\"\"", ",", "\n", "\r", "\r\n", "\0", "{", "}", "[", "]", ":", "\\u", "\\ud83d",
            "\\", "text",
            "\"text\":", "\"l\":", "1e99999", "-", "null", "true", " ", "a", "é", "\u{FEFF}",
            "\u{2028}", "x,y\n",
            "{\"text\":\"a\",\"l\":\"b\"}\n",
        ].map { Array($0.utf8) }
        + [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80]]

    private func hostile(_ count: Int, seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        var bytes: [UInt8] = []
        for _ in 0..<count {
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                bytes += Self.fragments[Int.random(in: 0..<Self.fragments.count, using: &generator)]
            }
            bytes.append(0x0A)
        }
        return bytes
    }

    @Test(arguments: ["csv", "jsonl", "txt"]) func hostileRecordsEndNothing(_ format: String) throws
    {
        let sentinel =
            format == "jsonl"
            ? "{\"text\":\"last\",\"l\":\"b\"}" : format == "csv" ? "last,b" : "last"
        let header = format == "csv" ? "text,l\n" : ""
        let columns = ColumnSelection(labels: format == "txt" ? [] : ["l"])
        let encoder = ExampleEncoder(tokenizer: try Fixture.tokenizer(), sequenceLength: 16)
        try Fixture.inFolder { folder in
            // A file that is hostile for the most part is refused as a whole, after its last record.
            let sound = String(repeating: "\(sentinel)\n", count: 70_000)
            let bytes = Array(header.utf8) + hostile(35_000, seed: 9) + Array("\n\(sound)".utf8)
            let path = try Fixture.write(bytes, to: "a.\(format)", in: folder)
            var reader = try CorpusReader(paths: [path], columns: columns, recordLimit: 1000)
            var last: Record?
            var count = 0
            while let outcome = try reader.next() {
                count += 1
                guard case .record(let record) = outcome else { continue }
                last = record
                #expect(UTF8Scan.isValid(record.text.span) && !record.text.isEmpty)
                _ = encoder.example(for: record)
            }
            #expect(count > 10_000)
            #expect(last?.text == Array("last".utf8))
        }
    }

    @Test func chunksOfTheFileDoNotShow() throws {
        // Records of many sizes put every kind of byte at the border of a 256 KiB chunk.
        let unit = "\"quote \"\"inside\"\", and\r\nlines\",b\r\nplain é,b\r\n"
        for shift in 0..<50 {
            let pad = String(repeating: "x", count: (1 << 18) - shift)
            let text = "text,l\r\n" + pad + ",b\r\n" + unit + unit
            let found = try outcomes(Array(text.utf8), "a.csv", ColumnSelection(labels: ["l"]))
            #expect(found.count == 5)
            #expect(found[1] == "quote \"inside\", and\r\nlines|b")
            #expect(found[4] == "plain é|b")
        }
    }

    /// An open quote runs into the next one, lines later; the fault surfaces there.
    @Test func anOpenQuoteTakesItsOwnLineAlone() throws {
        let plain = (0..<50).map { "row \($0),b\n" }
        let kept = (0..<50).map { "row \($0)|b" }
        let columns = ColumnSelection(labels: ["l"])
        func found(_ first: String, _ last: String) throws -> [String] {
            let text = "text,l\n" + first + plain.joined() + last
            return try outcomes(Array(text.utf8), "a.csv", columns)
        }
        for end in ["\n", "\r\n", "\r"] {
            #expect(
                try found("\"a text,b" + end, "\"x, y\",b\nlast,b\n")
                    == ["!malformed-quotes"] + kept + ["x, y|b", "last|b"]
            )
        }
        // Here it closes cleanly before a comma, but with too many or too few fields.
        #expect(
            try found("\"a text,b\n", "x\",y,b\n")
                == ["!wrong-field-count"] + kept + ["!wrong-field-count"]
        )
        #expect(
            try found("\"a text,b\n", "x\"\nlast,b\n")
                == ["!wrong-field-count"] + kept + ["!wrong-field-count", "last|b"]
        )
    }

    @Test func manyOpenQuotesTakeLinearTime() throws {
        // Two columns per line closed and opened again: a naive restart would scan the cap for each line.
        let text = "text,l\n" + String(repeating: "a\",\"b\n", count: 100_000) + "last,b\n"
        let found = try outcomes(Array(text.utf8), "a.csv", ColumnSelection(labels: ["l"]))
        #expect(found.last == "last|b")
    }

    @Test func memoryDoesNotGrowWithTheFile() throws {
        try Fixture.inFolder { folder in
            let record = String(repeating: "x", count: 90)
            let lines = Array(String(repeating: "\(record)\n", count: 1000).utf8)
            let path = folder + "/big.csv"
            let file = try OutputFile(path: path)
            for _ in 0..<60 { try file.write(lines) }
            try file.finish()
            var table = try CSVReader(path: path, limit: 1 << 20)
            var plain = try LineReader(path: path, limit: 1 << 20)
            var most = 0
            while try table.next() != nil { most = max(most, table.window.bytes.count) }
            while try plain.next() != nil { most = max(most, plain.window.bytes.count) }
            // The file has 5.5 MB; in memory are one chunk and what was left of the one before.
            #expect(most <= (1 << 18) + 100)
        }
    }

    @Test func aLineWithoutEndIsDroppedWithoutBeingKept() throws {
        try Fixture.inFolder { folder in
            let path = try Fixture.write(
                [UInt8](repeating: 0x61, count: 6 << 20),
                to: "a.txt",
                in: folder
            )
            var lines = try LineReader(path: path, limit: 1000)
            guard case .tooLong = try lines.next() else {
                Issue.record("the line was kept")
                return
            }
            #expect(lines.window.bytes.count <= 2 << 18)
            let rest = try lines.next()
            #expect(rest == nil)
        }
    }
}
