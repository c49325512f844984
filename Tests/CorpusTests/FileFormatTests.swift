import Foundation
import SeededRandomness
import Testing

@testable import Corpus

/// Files that are compressed, or tables with tabs, or not what their names say.
@Suite struct FileFormatTests {
    private func read(
        _ bytes: [UInt8],
        _ name: String,
        _ columns: ColumnSelection = ColumnSelection()
    ) throws -> (texts: [String], bad: [BadRecord.Reason]) {
        try Fixture.inFolder { folder in
            let path = try Fixture.write(bytes, to: name, in: folder)
            let (records, bad) = try CorpusReader.readAll(paths: [path], columns: columns)
            return (records.map { String(decoding: $0.text, as: UTF8.self) }, bad.map(\.reason))
        }
    }

    private func kind(_ bytes: [UInt8], _ name: String) -> FileKind? {
        do {
            _ = try read(bytes, name)
            return nil
        } catch {
            guard case CorpusError.otherFormat(_, let kind) = error else { return nil }
            return kind
        }
    }

    /// The bytes as gzip, by our own writer.
    private func packed(_ bytes: [UInt8]) throws -> [UInt8] {
        try Fixture.inFolder { folder in
            let file = try OutputFile(path: folder + "/x.gz")
            try file.write(bytes)
            try file.finish()
            return Array(try Data(contentsOf: URL(filePath: folder + "/x.gz")))
        }
    }

    private func random(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    private let lines = (1...40).map { "line \($0) has an é, and more" }

    private func encoded(_ encoding: String.Encoding) -> [UInt8] {
        Array((lines.joined(separator: "\n") + "\n").data(using: encoding) ?? Data())
    }

    @Test(arguments: ["csv", "tsv", "jsonl", "txt"]) func compressedFilesReadAsPlainOnes(
        _ format: String
    ) throws {
        let text =
            switch format {
            case "jsonl": lines.map { "{\"text\": \"\($0)\"}\n" }.joined()
            case "txt": lines.joined(separator: "\n")
            case "csv": "text,l\n" + lines.map { "\"\($0)\",a\n" }.joined()
            default: "text\tl\n" + lines.map { "\($0)\ta\n" }.joined()
            }
        let plain = Array(text.utf8)
        #expect(try read(plain, "a." + format).texts == lines)
        let gzip = try packed(plain)
        #expect(gzip.starts(with: [0x1F, 0x8B]) && gzip.count < plain.count)
        #expect(try read(gzip, "a.\(format).GZ").texts == lines)
        // Members one after another, as cat makes them; a file that was unpacked and kept its name.
        #expect(try read(plain, "a.\(format).gz").texts == lines)
        if format == "txt" {
            let two = try packed(plain + [0x0A]) + packed(plain)
            #expect(try read(two, "a.txt.gz").texts == lines + lines)
        }
    }

    @Test func aCompressedFileThatIsCutOffOrDamagedIsRefused() throws {
        let gzip = try packed(Array(lines.joined(separator: "\n").utf8) + random(5_000))
        var flipped = gzip
        flipped[gzip.count - 6] ^= 1
        for bytes in [Array(gzip.dropLast(9)), flipped, Array(gzip.prefix(40))] {
            #expect {
                try read(bytes, "a.txt.gz")
            } throws: {
                guard case CorpusError.damagedCompression = $0 else { return false }
                return true
            }
        }
    }

    /// 64 MiB in 64 KiB: one line, which is too long, and memory that does not grow with it.
    @Test func aFileThatUnpacksToFarMoreIsStreamed() throws {
        let bomb = try packed(Array("first\n".utf8) + [UInt8](repeating: 0x61, count: 64 << 20))
        #expect(bomb.count < 1 << 17)
        let found = try read(bomb, "a.txt.gz")
        #expect(found.texts == ["first"] && found.bad == [.tooLong])
    }

    @Test func tabsSeparateAndCommasDoNot() throws {
        let text = "text\tCity, State\n\"a\tb\"\tx\nc, d\ty\nno\n"
        let found = try read(
            Array(text.utf8),
            "a.tsv",
            ColumnSelection(labels: ["City, State"])
        )
        #expect(found.texts == ["a\tb", "c, d"] && found.bad == [.wrongFieldCount])
    }

    @Test(arguments: ["a.tsv", "a.csv.gz", "a.tsv.gz", "a.jsonl.gz"])
    func whatIsWrittenIsRead(_ name: String) throws {
        let texts = ["a\tb, \"c\"\nd", "plain", "=1"]
        try Fixture.inFolder { folder in
            let writer = try SyntheticTextWriter(path: folder + "/" + name, labelColumns: ["l"])
            for text in texts {
                try writer.write(text: Array(text.utf8), labels: [Array("x\ty".utf8)])
            }
            try writer.finish()
            let found = try SyntheticTextReader.read(
                path: folder + "/" + name,
                columns: ColumnSelection(labels: ["l"])
            )
            #expect(found.items.map(\.text) == texts.map { Array($0.utf8) })
            #expect(found.items.allSatisfy { $0.labels == [Array("x\ty".utf8)] })
        }
    }

    @Test func theEncodingIsNamed() throws {
        for name in ["a.txt", "a.csv", "a.jsonl"] {
            #expect(kind(encoded(.utf16), name) == .utf16, "\(name), with a mark")
            #expect(kind(encoded(.utf16LittleEndian), name) == .utf16, "\(name), little endian")
            #expect(kind(encoded(.utf16BigEndian), name) == .utf16, "\(name), big endian")
            #expect(kind(encoded(.utf32LittleEndian), name) == .utf32, "\(name), 32 bits")
        }
        #expect(kind(encoded(.isoLatin1), "a.txt") == .eightBit)
        #expect(kind(Array("text,rest\n".utf8) + encoded(.isoLatin1), "a.csv") == .eightBit)
        let bytes = (0..<200).flatMap { _ in [0x61, 0x62, 0, 0x63, 0x0A] as [UInt8] }
        #expect(kind(bytes, "a.txt") == .binary)
        #expect(kind(random(50_000), "a.txt") == .binary)
        let message = CorpusError.otherFormat(path: "a.txt", kind: .utf16).description
        #expect(message.contains("UTF-16") && message.contains("iconv"))
    }

    @Test func formatsAreNamedByTheirMarks() throws {
        let marks: [FileKind: [UInt8]] = [
            .parquet: Array("PAR1".utf8), .gzip: [0x1F, 0x8B, 8], .zip: Array("PK\u{3}\u{4}".utf8),
            .zstandard: [0x28, 0xB5, 0x2F, 0xFD], .pdf: Array("%PDF-1.7\n".utf8),
            .sqlite: Array("SQLite format 3\0".utf8),
        ]
        for (kind, mark) in marks {
            for name in ["a.txt", "a.csv", "a.jsonl", "a.tsv"] {
                #expect(self.kind(mark + random(50_000), name) == kind, "\(name)")
            }
        }
        #expect(throws: CorpusError.unsupportedFormat(path: "a.parquet")) {
            try CorpusFormat(path: "a.parquet")
        }
        let message = CorpusError.unsupportedFormat(path: "a.parquet").description
        #expect(message.contains("pandas.read_parquet('a.parquet')"))
    }

    @Test(arguments: [
        "[{\"text\": \"a\"},\n{\"text\": \"b\"}]",
        "[\n" + (1...30).map { " {\"text\": \"\($0)\"},\n" }.joined() + " {\"text\": \"b\"}\n]\n",
        "[{\"text\": \"a\"}]", "{\n \"text\": \"a\"\n}",
    ]) func aListInsteadOfLinesGetsItsHint(_ json: String) {
        #expect(kind(Array(json.utf8), "a.jsonl") == .json)
    }

    /// One record decides nothing, wherever it stands and whatever it begins with.
    @Test(arguments: ["txt", "jsonl", "csv"]) func noSingleRecordMakesAFileAnother(
        _ format: String
    ) throws {
        func record(_ text: String) -> [UInt8] {
            Array((format == "jsonl" ? "{\"text\": \"\(text)\"}\n" : text + "\n").utf8)
        }
        let header = Array((format == "csv" ? "text\n" : "").utf8)
        let hostile: [[UInt8]] = [
            Array("PAR1".utf8), [0x1F, 0x8B, 8, 0, 0xFF], Array("PK\u{3}\u{4}\0".utf8),
            [0xFF, 0xFE, 0x61, 0], Array("%PDF-1.7".utf8), Array("[".utf8),
            [0xEF, 0xBB, 0xBF, 0xFF],
            [UInt8](repeating: 0, count: 300_000), [UInt8](repeating: 0xE9, count: 300_000),
        ]
        let sound = (1...21).map { "sound \($0)" }
        for bytes in hostile {
            for place in [0, 10, 20] {
                let before = sound[..<place].flatMap(record)
                let after = sound[place...].flatMap(record)
                let found = try read(header + before + bytes + [0x0A] + after, "a." + format)
                #expect(found.texts.filter { $0.hasPrefix("sound") } == sound)
            }
        }
    }

    @Test func aMissingNumberInAFieldThatIsNotReadCostsNothing() throws {
        let text = """
            {"text": "a", "score": NaN, "l": "x"}
            {"text": "b", "score": [Infinity, -Infinity], "l": "x"}
            {"text": "c", "score": -1, "l": NaN}
            {"text": NaN, "l": "x"}
            {"text": "d", "score": Nan, "l": "x"}
            """
        let found = try read(Array(text.utf8), "a.jsonl", ColumnSelection(labels: ["l"]))
        #expect(found.texts == ["a", "b"])
        #expect(found.bad == [.missingValue, .emptyText, .malformedJSON])
    }
}
