import TestData
import Testing

@testable import Corpus

@Suite struct CorpusLintTests {
    private func report(_ texts: [String], users: [String]? = nil) throws -> CorpusLintReport {
        let encoder = ExampleEncoder(tokenizer: try Fixture.tokenizer(), sequenceLength: 16)
        var lint = CorpusLint(labelColumns: ["l"], encoder: encoder)
        for (index, text) in texts.enumerated() {
            lint.add(
                .record(
                    Record(
                        number: index + 1,
                        text: Array(text.utf8),
                        labels: [Array((index % 3 == 0 ? "a" : "b").utf8)],
                        user: users.map { Array($0[index].utf8) }
                    )
                )
            )
        }
        lint.add(.bad(BadRecord(number: texts.count + 1, reason: .emptyText)))
        return lint.report
    }

    /// 300 texts of 200 random letters each, which resemble nothing.
    private var unlike: [String] {
        var generator = SeededGenerator(seed: 4)
        return (0..<300).map { _ in
            String(
                (0..<200).map { _ in "abcdefghijklmnop".randomElement(using: &generator) ?? "a" }
            )
        }
    }

    @Test func textsThatResembleNothingAreNoDuplicates() throws {
        let report = try report(unlike)
        #expect(report.exactDuplicates == 0)
        #expect(report.nearDuplicates == 0)
        #expect(report.recordCount == 300)
        #expect(report.badCounts == [.emptyText: 1])
    }

    @Test func copiesAreCountedApartFromNearCopies() throws {
        let texts = unlike
        let changed = texts.map { "X" + $0.dropFirst() }
        let report = try report(texts + changed + texts)
        #expect(report.exactDuplicates == 300)
        // One letter of 200 changes one shingle of 196: a pair is missed with chance below 1e-9.
        #expect(report.nearDuplicates == 300)
    }

    @Test func canonicallyEquivalentTextsAreNoExactDuplicates() throws {
        #expect(try report(["caf\u{E9}", "cafe\u{301}"]).exactDuplicates == 0)
    }

    @Test func usersLabelsAndTruncationAreCounted() throws {
        let texts = ["a", "b", "c", "d", String(repeating: "The cook. ", count: 20)]
        let report = try report(texts, users: ["u", "u", "u", "v", "w"])
        #expect(report.userCount == 3)
        #expect(report.mostRecordsPerUser == 3)
        #expect(report.medianRecordsPerUser == 1)
        #expect(report.lengths?.truncatedCount == 1)
        let column = CorpusLintReport.Column(
            name: "l",
            valueCount: 2,
            rareValueCount: 2,
            smallestClass: 2,
            largestClass: 3
        )
        #expect(report.labels == [column])
    }

    /// The length that cuts one record in 20 at most: of lengths 1...100 the 95th, and a multiple of 16.
    @Test func theLengthThatIsRecommendedCutsFewRecords() {
        func lengths(_ all: [Int], largest: Int? = nil) -> CorpusLintReport.Lengths {
            CorpusLintReport.Lengths(all, sequenceLength: 64, largest: largest)
        }
        let found = lengths(Array((1...100).reversed()))
        #expect(found.truncatedCount == 36 && found.mean == 50.5)
        #expect(found.recommended == 96 && found.truncatedAtRecommended == 4)
        #expect(lengths(Array(1...100), largest: 90).recommended == 90)
        #expect(lengths(Array(1...100), largest: 90).truncatedAtRecommended == 10)
        #expect(lengths([]).recommended == 16)
    }

    @Test func usersThatDifferInSpellingAloneAreCounted() throws {
        let users = ["1", "1.0", "2", "Ann", "ann ", "x1", "1", "007", "7"]
        let report = try report(users.map { "text \($0)" }, users: users)
        #expect(report.userCount == 8)
        #expect(report.usersSpelledTwice == 6)
    }

    @Test(arguments: [
        ("write to a.b+c@mail.example.org, please", [IdentifierPatterns.Kind.email]),
        ("a@b, @you, me@, x@y.1", []), ("(030) 123 45678 or so", [.phone]),
        ("+4930123456", [.phone]), ("order 1234567890", []), ("on 2026-11-30 18:00", []),
        ("4111 1111-1111 1111", [.card]), ("4111111111111112", []), ("0000000000000000", []),
        ("GB82 WEST 1234 5698 7654 32.", [.iban]), ("DE89370400440532013000", [.iban]),
        ("DE89370400440532013001", []), ("078-05-1120", [.ssn]), ("at 192.168.0.255!", [.ip]),
        ("version 1.2.3.400", []), ("x4111111111111111", []), ("", []), ("@", []), ("+", []),
    ]) func identifiersAreToldByTheirForm(_ text: String, _ kinds: [IdentifierPatterns.Kind]) {
        #expect(IdentifierPatterns.kinds(in: Array(text.utf8)) == Set(kinds))
    }

    @Test func labelValuesThatAreWrittenAreRead() throws {
        var lint = CorpusLint(labelColumns: ["City, State", "l"])
        for labels in [["b", "1\""], ["a\\", "\u{1F}é"], ["b", "2"]] {
            let record = Record(number: 1, text: [0x61], labels: labels.map { Array($0.utf8) })
            lint.add(.record(record))
        }
        let set = try lint.labelSet()
        #expect(set.values == [["a\\", "b"], ["\u{1F}é", "1\"", "2"]])
        try Fixture.inFolder { folder in
            try set.write(to: folder + "/values.json")
            #expect(try LabelSet(file: folder + "/values.json", columns: set.columns) == set)
        }
    }
}
