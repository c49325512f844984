import Foundation
import Testing

@testable import Corpus

/// What a reader makes of a file, as text: `text|label|…` or `!reason`.
func outcomes(
    _ bytes: [UInt8],
    _ name: String,
    _ columns: ColumnSelection = ColumnSelection(),
    recordLimit: Int = CorpusReader.defaultRecordLimit
) throws -> [String] {
    try Fixture.inFolder { folder in
        let path = try Fixture.write(bytes, to: name, in: folder)
        var reader = try CorpusReader(paths: [path], columns: columns, recordLimit: recordLimit)
        var found: [String] = []
        while let outcome = try reader.next() {
            switch outcome {
            case .bad(let bad):
                #expect(bad.number == found.count + 1)
                found.append("!" + bad.reason.rawValue)
            case .record(let record):
                #expect(record.number == found.count + 1)
                let fields = [record.text] + record.labels + (record.user.map { [$0] } ?? [])
                found.append(
                    fields.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "|")
                )
            }
        }
        return found
    }
}

@Suite struct CorpusReaderTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let input: String
        let expected: [String]
        var testDescription: String { name }

        init(_ name: String, _ input: String, _ expected: [String]) {
            self.name = name
            self.input = input
            self.expected = expected
        }
    }

    static let csvCases = [
        Case("LF", "text,l\na,b\nc,d\n", ["a|b", "c|d"]),
        Case("CRLF", "text,l\r\na,b\r\nc,d\r\n", ["a|b", "c|d"]),
        Case("CR alone", "text,l\ra,b\rc,d\r", ["a|b", "c|d"]),
        Case("no line end at the end", "text,l\na,b", ["a|b"]),
        Case("CR at the very end", "text,l\na,b\r", ["a|b"]),
        Case("byte order mark", "\u{FEFF}text,l\na,b\n", ["a|b"]),
        Case("other columns and order", "x,l,y,text\n1,b,2,a\n", ["a|b"]),
        Case(
            "quoted commas, quotes, newlines",
            "text,l\n\"a,\"\"q\"\"\nz\r\n\",b\n",
            ["a,\"q\"\nz\r\n|b"]
        ),
        Case("quoted header", "\"text\",\"l\"\na,b\n", ["a|b"]),
        Case("quote inside a plain field", "text,l\n5\" pipe,b\nc,d\n", ["5\" pipe|b", "c|d"]),
        Case(
            "text after a closing quote",
            "text,l\n\"a\"x,b\nc,d\n",
            ["!malformed-quotes", "c|d"]
        ),
        Case(
            "too few and too many fields",
            "text,l\na\na,b,c\nc,d\n",
            ["!wrong-field-count", "!wrong-field-count", "c|d"]
        ),
        Case("empty text", "text,l\n,b\n\"\",b\nc,d\n", ["!empty-text", "!empty-text", "c|d"]),
        Case("missing label", "text,l\na,\nc,d\n", ["!missing-value", "c|d"]),
        Case("blank lines", "text,l\n\n\na,b\n\r\n\nc,d\n\n", ["a|b", "c|d"]),
        Case(
            "quote open at the end",
            "text,l\na,b\n\"c,d\ne,f\n",
            ["a|b", "!unterminated-quote", "e|f"]
        ),
        Case(
            "NUL, U+2028, control characters",
            "text,l\na\0\u{2028}\u{1B}b,c\n",
            ["a\0\u{2028}\u{1B}b|c"]
        ),
        Case(
            "prefixed and bare labels",
            "text,l\na,Review Stars: 5.0\na,5.0\n",
            ["a|Review Stars: 5.0", "a|5.0"]
        ),
    ]

    @Test(arguments: csvCases) func csv(_ example: Case) throws {
        let columns = ColumnSelection(labels: ["l"])
        let bytes = Array(example.input.utf8)
        #expect(try outcomes(bytes, "a.csv", columns) == example.expected)
    }

    static let jsonCases = [
        Case("plain", #"{"text":"a","l":"b"}"#, ["a|b"]),
        Case(
            "numbers and truth values as spelled",
            "{\"text\":\"a\",\"l\":5}\n{\"text\":\"a\",\"l\":5.0}\n{\"text\":\"a\",\"l\":1e999}\n{\"text\":\"a\",\"l\":true}",
            ["a|5", "a|5.0", "a|1e999", "a|true"]
        ),
        Case(
            "escapes",
            #"{"text":"\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t","l":"b"}"#,
            ["é😀\"\\/\u{8}\u{C}\n\r\t|b"]
        ),
        Case(
            "lone surrogates",
            #"{"text":"\ud800x\udc00\ud800\u0041","l":"b"}"#,
            ["\u{FFFD}x\u{FFFD}\u{FFFD}A|b"]
        ),
        Case("escaped NUL", #"{"text":"a\u0000b","l":"c"}"#, ["a\0b|c"]),
        Case("duplicate key", #"{"text":"a","l":"b","text":"c"}"#, ["!duplicate-key"]),
        Case(
            "keys that are canonically equivalent are two keys",
            "{\"text\":\"a\",\"l\":\"b\",\"\u{E9}\":1,\"e\u{301}\":2}",
            ["a|b"]
        ),
        Case(
            "null and absent",
            "{\"text\":null,\"l\":\"b\"}\n{\"l\":\"b\"}\n{\"text\":\"a\",\"l\":null}\n{\"text\":\"a\"}",
            ["!empty-text", "!empty-text", "!missing-value", "!missing-value"]
        ),
        Case(
            "wrong types",
            "{\"text\":5,\"l\":\"b\"}\n{\"text\":\"a\",\"l\":[\"b\"]}\n{\"text\":{},\"l\":\"b\"}",
            ["!wrong-type", "!wrong-type", "!wrong-type"]
        ),
        Case(
            "no object",
            "[1]\n\"a\"\nnope\n{\"text\":\"a\",\"l\":\"b\"} x\n{\"text\":\"a\"\n{\"text\":\"a\",\"l\":\"b\"}",
            [
                "!malformed-json", "!malformed-json", "!malformed-json", "!malformed-json",
                "!malformed-json", "a|b",
            ]
        ),
        Case("blank lines and CRLF", "\n  \r\n{\"text\":\"a\",\"l\":\"b\"}\r\n\n", ["a|b"]),
        Case(
            "deep nesting",
            String(repeating: "[", count: 100_000) + "\n{\"text\":\"a\",\"l\":\"b\",\"x\":"
                + String(repeating: "[", count: 20) + String(repeating: "]", count: 20) + "}",
            ["!malformed-json", "a|b"]
        ),
        Case(
            "bad escapes and numbers",
            "{\"text\":\"\\x\"}\n{\"text\":\"\\u12\"}\n{\"text\":01}\n{\"text\":-}\n{\"text\":\"a\",\"l\":\"b\"}",
            ["!malformed-json", "!malformed-json", "!malformed-json", "!malformed-json", "a|b"]
        ),
    ]

    @Test(arguments: jsonCases) func jsonLines(_ example: Case) throws {
        let columns = ColumnSelection(labels: ["l"])
        #expect(try outcomes(Array(example.input.utf8), "a.jsonl", columns) == example.expected)
    }

    @Test func textLines() throws {
        let text = "\u{FEFF}a b\r\n\n\"c\",d\n\u{85}e\u{2028}f\nlast"
        #expect(
            try outcomes(Array(text.utf8), "a.txt") == [
                "a b", "\"c\",d", "\u{85}e\u{2028}f", "last",
            ]
        )
    }

    @Test func bytesThatAreNotUTF8CostOneRecord() throws {
        let bad: [UInt8] = Array("text\na\n".utf8) + [0xFF, 0xC3, 0x0A] + Array("b\n".utf8)
        #expect(try outcomes(bad, "a.csv") == ["a", "!invalid-utf-8", "b"])
        #expect(try outcomes(Array(bad.dropFirst(5)), "a.txt") == ["a", "!invalid-utf-8", "b"])
        let line: [UInt8] =
            Array("{\"text\":\"".utf8) + [0xED, 0xA0, 0x80] + Array("\"}\n{\"text\":\"b\"}".utf8)
        #expect(try outcomes(line, "a.jsonl") == ["!invalid-utf-8", "b"])
        let unselected: [UInt8] = Array("text,x\na,".utf8) + [0xFF, 0x0A]
        #expect(try outcomes(unselected, "a.csv") == ["a"])
    }

    @Test(arguments: ["csv", "jsonl", "txt"]) func recordsBeyondTheCapCostOneRecord(
        _ format: String
    ) throws {
        func line(_ text: String) -> String {
            format == "jsonl" ? "{\"text\":\"\(text)\"}\n" : text + "\n"
        }
        let long = String(repeating: "x", count: 700_000)
        let header = format == "csv" ? "text\n" : ""
        let text = header + line("a") + line(long) + line("b") + line(long)
        let found = try outcomes(Array(text.utf8), "a.\(format)", recordLimit: 100)
        #expect(found == ["a", "!too-long", "b", "!too-long"])
    }

    @Test func aFieldOf200KiBIsOrdinary() throws {
        let long = String(repeating: "line one\nline \"\"two\"\" ", count: 10_000)
        let found = try outcomes(Array("text\n\"\(long)\"\nb\n".utf8), "a.csv")
        #expect(found.count == 2)
        #expect(found[0] == long.replacingOccurrences(of: "\"\"", with: "\""))
        #expect(found[1] == "b")
    }

    @Test func anOpenQuoteSwallowsNoOtherRecord() throws {
        let good = (0..<50_000).map { "row \($0)\n" }.joined()
        let found = try outcomes(Array("text\n\"open\n\(good)".utf8), "a.csv", recordLimit: 1000)
        #expect(found.count == 50_001)
        #expect(found.first == "!too-long")
        #expect(found.last == "row 49999")
    }

    @Test func usersAreRead() throws {
        let columns = ColumnSelection(text: "t", labels: ["l"], user: "u")
        #expect(
            try outcomes(Array("u,l,t\nme,x,hi\n,x,hi\n".utf8), "a.csv", columns) == [
                "hi|x|me", "!missing-value",
            ]
        )
        let json = Array("{\"t\":\"hi\",\"l\":1,\"u\":12345678901234567890}".utf8)
        #expect(try outcomes(json, "a.jsonl", columns) == ["hi|1|12345678901234567890"])
    }
}
