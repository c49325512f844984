import Foundation
import Testing

@testable import Corpus

@Suite struct ExampleEncoderTests {
    private func encoder(_ length: Int) throws -> ExampleEncoder {
        let labels = try LabelSet(
            columns: ["label1", "label2"],
            values: [["Business Category: Bars", "Hotels"], ["Review Stars: 5.0", "5.0"]]
        )
        return ExampleEncoder(
            tokenizer: try Fixture.tokenizer(),
            sequenceLength: length,
            labelSet: labels
        )
    }

    private func record(_ text: String, _ labels: [String]) -> Record {
        Record(number: 7, text: Array(text.utf8), labels: labels.map { Array($0.utf8) })
    }

    @Test func theLayoutIsLabelsTwoNewlinesTextEnd() throws {
        let encoder = try encoder(64)
        let tokenizer = encoder.tokenizer
        let record = record("The cook.", ["Business Category: Bars", "Review Stars: 5.0"])
        let example = try encoder.example(for: record).get()
        let joint = tokenizer.encode("Business Category: Bars\tReview Stars: 5.0\n\nThe cook.")
        #expect(example.tokens == joint + [tokenizer.endOfText])
        let prefix = encoder.prefix(labels: record.labels)
        #expect(Array(example.tokens.prefix(prefix.count)) == prefix)
        #expect(prefix.suffix(2) == [tokenizer.newline, tokenizer.newline])
        #expect(example.lossStart == prefix.count)
        #expect(example.tokens.count - example.lossStart == tokenizer.encode("The cook.").count + 1)
    }

    @Test func newlinesStayTwoTokensBeforeTextThatStartsWithSpace() throws {
        let encoder = try encoder(64)
        let tokenizer = encoder.tokenizer
        let example = try encoder.example(for: record("\n x", ["Hotels", "5.0"])).get()
        let expected =
            tokenizer.encode("Hotels\t5.0") + [tokenizer.newline, tokenizer.newline]
            + tokenizer.encode("\n x") + [tokenizer.endOfText]
        #expect(example.tokens == expected)
    }

    @Test func withoutLabelsTheSequenceStartsWithEndOfText() throws {
        let tokenizer = try Fixture.tokenizer()
        let encoder = ExampleEncoder(tokenizer: tokenizer, sequenceLength: 64)
        let example = try encoder.example(for: record("The cook.", [])).get()
        let end = tokenizer.endOfText
        #expect(example.tokens == [end] + tokenizer.encode("The cook.") + [end])
        #expect(example.lossStart == 1)
    }

    @Test func truncationCutsTheTextAndThenHasNoEnd() throws {
        let full = try encoder(1000).example(
            for: record("The cook praised it.", ["Hotels", "5.0"])
        ).get()
        for length in full.lossStart + 1...full.tokens.count + 1 {
            let encoder = try encoder(length)
            let cut = try encoder.example(for: record("The cook praised it.", ["Hotels", "5.0"]))
                .get()
            #expect(cut.tokens == Array(full.tokens.prefix(length)))
            #expect(cut.lossStart == full.lossStart)
            let hasEnd = cut.tokens.contains(encoder.tokenizer.endOfText)
            #expect(hasEnd == (length >= full.tokens.count))
        }
        let short = try encoder(full.lossStart)
        #expect(throws: BadRecord(number: 7, reason: .labelsTooLong)) {
            try short.example(for: record("The cook praised it.", ["Hotels", "5.0"])).get()
        }
    }

    @Test func labelsOutsideTheSetAreBad() throws {
        for labels in [["Hotels", "4.0"], ["hotels", "5.0"], ["Hotels"], []] {
            #expect(throws: BadRecord(number: 7, reason: .unknownLabel)) {
                try encoder(64).example(for: record("a", labels)).get()
            }
        }
    }

    @Test func descriptionsShowNoText() throws {
        let record = record("secret", ["Hotels", "5.0"])
        let example = try encoder(64).example(for: record).get()
        #expect("\(record)" == "Record 7")
        #expect(String(reflecting: record) == "Record 7")
        #expect("\(example)" == "TokenizedExample(\(example.tokens.count) tokens)")
    }

    @Test func aRecordAtTheFrontLeavesAllOtherExamplesAlone() throws {
        let encoder = try encoder(24)
        let rows = (0..<300).map {
            "\"row \($0), \"\"x\"\"\",Hotels,\($0 % 7 == 0 ? "1.0" : "5.0")\n"
        }
        func examples(_ rows: [String]) throws -> [TokenizedExample?] {
            try Fixture.inFolder { folder in
                let text = "text,label1,label2\n" + rows.joined()
                let path = try Fixture.write(text, to: "a.csv", in: folder)
                let columns = ColumnSelection(labels: ["label1", "label2"])
                return try CorpusReader.readAll(paths: [path], columns: columns).records
                    .map { try? encoder.example(for: $0).get() }
            }
        }
        let before = try examples(rows)
        #expect(before.count == 300)
        #expect(try examples(["inserted,Hotels,5.0\n"] + rows).dropFirst() == before[...])
        for bad in ["\"a\"b,Hotels,5.0\n", "a,b\n", ",,\n", "a,b,c,d,e\n"] {
            #expect(try examples([bad] + rows) == before)
        }
    }
}
