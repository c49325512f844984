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
        #expect(report.truncatedCount == 1)
        #expect(
            report.labels == [.init(name: "l", valueCount: 2, smallestClass: 2, largestClass: 3)]
        )
    }
}
