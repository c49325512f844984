import Foundation
import TestData
import Testing

@testable import Corpus

@Suite struct SyntheticTextReaderTests {
    private func read(
        _ files: [String: String],
        _ path: String,
        labels: [String] = [],
        labelSet: LabelSet? = nil
    ) throws -> SyntheticText {
        try Fixture.inFolder { folder in
            for (name, text) in files { _ = try Fixture.write(text, to: name, in: folder) }
            return try SyntheticTextReader.read(
                path: path.isEmpty ? folder : folder + "/" + path,
                columns: ColumnSelection(labels: labels),
                labelSet: labelSet
            )
        }
    }

    private func rows(_ text: SyntheticText) -> [[String]] {
        text.items.map { item in
            ([item.text] + item.labels).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    @Test func augPEFoldersGiveTheLastIterationsKeptSamples() throws {
        let header = "text,label1,label2\n"
        let found = try read(
            [
                "-1/samples.csv": header + "m,x,y\n", "9/samples.csv": header + "nine,x,y\n",
                "10/samples.csv": header + "ten,Business Category: A,Review Stars: 5.0\n",
                "10_all/samples.csv": header + "all,x,y\n",
                "10/count_class/a.csv": "type,count\ncount,[1]\nclean_count,[1]\n", "log.log": "",
            ],
            "",
            labels: ["label1", "label2"]
        )
        #expect(rows(found) == [["ten", "Business Category: A", "Review Stars: 5.0"]])
        #expect(found.notes.contains { $0.contains("clean_count") })
    }

    /// What aug-pe falls back to: `csv.writer` of Python 3.8 to 3.10 with `quoting=QUOTE_NONE`,
    /// `quotechar=""`, `escapechar="\\"`; lines as 3.11 writes them with `quotechar=None`.
    @Test func augPEFilesWithoutQuotingAreReadAsTheyWereWritten() throws {
        let lines = [
            "text,label1,label2", #""Great" they said\, and left.,Area: a,8: accept\, good paper"#,
            #"back \\ slash \\\, and "quotes",Area: b,8: accept\, good paper"#,
            "plain,Area: a,3: reject",
            #""one whole quote",Area: a,3: reject"#,
        ]
        let found = try read(
            ["2/samples.csv": lines.joined(separator: "\r\n") + "\r\n"],
            "",
            labels: ["label1", "label2"]
        )
        #expect(
            rows(found) == [
                [#""Great" they said, and left."#, "Area: a", "8: accept, good paper"],
                [#"back \ slash \, and "quotes""#, "Area: b", "8: accept, good paper"],
                ["plain", "Area: a", "3: reject"],
                [#""one whole quote""#, "Area: a", "3: reject"],
            ]
        )
        #expect(found.droppedCount == 0)
        #expect(found.notes.contains { $0.contains("escaped by backslashes") })
    }

    /// One thing that such a file cannot have, and rows are read, or dropped, as everywhere.
    @Test(arguments: [
        // No escaped comma, but quotes in the wrong place.
        (#""Great" food,a"#, ["plain,b"], [["plain", "b"]]),
        // A backslash that escapes nothing.
        (#"so\, what,a"#, [#"\o/,b"#], [[#"\o/"#, "b"]]),
        // A quoted comma.
        (#"so\, what,a"#, [#""one, two",b"#], [["one, two", "b"]]),
        // A quoted line end.
        (#"so\, what,a"#, ["\"one", "two\",b"], [["one\r\ntwo", "b"]]),
        // Bare quotes and escaped ones.
        (#"so\, "what",a"#, [#"an \"inch\",b"#], [[#"an \"inch\""#, "b"]]),
        // Nothing after the backslash.
        (#"so\, what,a"#, [#"x,b\"#], [["x", #"b\"#]]),
    ])
    func aFileThatMayBeSomethingElseIsReadAsEver(
        broken: String,
        others: [String],
        expected: [[String]]
    ) throws {
        let lines = ["text,label"] + [broken] + others
        let text = lines.joined(separator: "\r\n") + "\r\n"
        let found = try read(["a.csv": text], "a.csv", labels: ["label"])
        #expect(rows(found) == expected)
        #expect(found.droppedCount == 1)
        #expect(!found.notes.contains { $0.contains("backslash") })
    }

    /// Texts of any letters that matter, written both ways: each way is read back as it was written.
    @Test func quotedAndEscapedFilesOfTheSameTextsAreToldApart() throws {
        var random = SeededGenerator(seed: 8)
        var escapedCount = 0
        for _ in 0..<50 {
            let texts = (0..<6).map { _ in
                String(
                    (0..<Int.random(in: 1...5, using: &random)).map { _ in
                        #"a",\"#.randomElement(using: &random) ?? "a"
                    }
                )
            }
            let escaped = texts.map {
                $0.replacing("\\", with: #"\\"#).replacing(",", with: #"\,"#) + ",x"
            }
            let quoted = texts.map { "\"" + $0.replacing("\"", with: "\"\"") + "\",x" }
            for (lines, isWrittenEscaped) in [(quoted, false), (escaped, true)] {
                let text = (["text,label"] + lines).joined(separator: "\n") + "\n"
                let found = try? read(["a.csv": text], "a.csv", labels: ["label"])
                let isReadEscaped = found?.notes.contains { $0.contains("backslashes") } ?? false
                escapedCount += isReadEscaped ? 1 : 0
                #expect(isWrittenEscaped || (found != nil && !isReadEscaped))
                // An escaped file that may be a quoted one is read as one.
                guard isWrittenEscaped == isReadEscaped else { continue }
                #expect(found.map(rows) == texts.map { [$0, "x"] }, "\(texts)")
            }
        }
        #expect(escapedCount > 40)
    }

    @Test(arguments: ["", "synthetic_text"]) func evolutionFoldersGiveTheLastFile(_ path: String)
        throws
    {
        let header = "text,business_category,review_stars\n"
        let set = try LabelSet(
            columns: ["label1", "label2"],
            values: [["Business Category: Bars"], ["Review Stars: 4.0", "Review Stars: 5.0"]]
        )
        let found = try read(
            [
                "synthetic_text/000000000.csv": header + "zero,Bars,4.0\n",
                "synthetic_text/000000012.csv": header + "twelve,Bars,5.0\nodd,Shops,5.0\n",
                "checkpoint/data_frame.pkl": "",
            ],
            path,
            labels: ["label1", "label2"],
            labelSet: set
        )
        #expect(rows(found) == [["twelve", "Business Category: Bars", "Review Stars: 5.0"]])
        #expect(found.droppedCount == 1)
        #expect(found.notes.contains { $0.contains("mixes kept texts and variations") })
        #expect(found.notes.contains { $0.contains("PE.CLEAN_HISTOGRAM") })
        #expect(
            found.notes.contains {
                $0.contains("2 columns that are left were taken, in order, for")
            }
        )
    }

    @Test func generationsOfDPTransformersHaveTheTextFirst() throws {
        let found = try read(
            ["128.generations.csv": "label1,text,label2\nthe text,A,B\n"],
            "128.generations.csv",
            labels: ["label1", "label2"]
        )
        #expect(rows(found) == [["the text", "A", "B"]])
    }

    @Test func columnsOfCountsWithoutNoiseAreNeverRead() throws {
        let found = try read(
            ["a.csv": "PE.TEXT,PE.CLEAN_HISTOGRAM,clean_count,l\nx,5,6,A\n"],
            "a.csv",
            labels: ["kind"]
        )
        #expect(rows(found) == [["x", "A"]])
        #expect(found.notes.filter { $0.contains("without noise") }.count == 2)
    }

    @Test func namesThatMatchAreKeptAndOrderFillsTheRest() throws {
        let found = try read(
            ["a.csv": "text,kind,review_stars\nx,food,5.0\n"],
            "a.csv",
            labels: ["review_stars", "topic"]
        )
        #expect(rows(found) == [["x", "5.0", "food"]])
        #expect(found.notes.contains("The one column that is left was taken for topic."))
    }

    /// Objects are read as rows are: other names of the text, labels by order, counts left alone.
    @Test func objectsOfOtherSystemsAreRead() throws {
        let line = #"{"PE.TEXT":"x","PE.CLEAN_HISTOGRAM":5,"kind":"A"}"#
        let found = try read(["a.jsonl": line + "\n"], "a.jsonl", labels: ["topic"])
        #expect(rows(found) == [["x", "A"]])
        #expect(found.notes.contains { $0.contains("PE.CLEAN_HISTOGRAM") })
        #expect(found.notes.contains("The one column that is left was taken for topic."))
    }

    @Test func labelsThatCannotBeToldApartAreMissing() {
        #expect(throws: CorpusError.self) {
            try read(["a.csv": "text,x,y\na,b,c\n"], "a.csv", labels: ["l"])
        }
        #expect(throws: CorpusError.self) { try read(["a.txt": "x\n"], "a.txt", labels: ["l"]) }
        #expect(throws: CorpusError.self) { try read(["x/y.bin": ""], "") }
        #expect(throws: CorpusError.self) { try read([:], "none.csv") }
    }

    @Test func bareAndPrefixedValuesMatchWhenOnlyOneCanBeMeant() throws {
        let set = try LabelSet(
            columns: ["l"],
            values: [["Recommendation: 8: accept", "5.0", "A: x", "B: x"]]
        )
        #expect(
            set.ownSpelling(of: [Array("8: accept".utf8)]) == [
                Array("Recommendation: 8: accept".utf8)
            ]
        )
        #expect(set.ownSpelling(of: [Array("Stars: 5.0".utf8)]) == [Array("5.0".utf8)])
        #expect(set.ownSpelling(of: [Array("x".utf8)]) == nil)
        #expect(set.ownSpelling(of: [Array("A: x".utf8)]) == [Array("A: x".utf8)])
    }
}
