import Foundation
import Messages
import Testing

@testable import Corpus

@Suite struct LabelSetTests {
    private func opened(_ json: String, _ columns: [String] = ["l"]) throws -> LabelSet {
        try Fixture.inFolder { folder in
            try LabelSet(
                file: try Fixture.write(json, to: "labels.json", in: folder),
                columns: columns
            )
        }
    }

    @Test func aFileGivesTheAskedColumnsInTheAskedOrder() throws {
        let set = try opened(#"{"a":["x","y"],"unused":["z"],"b":[5.0,"B: 1"]}"#, ["b", "a"])
        #expect(set.columns == ["b", "a"])
        #expect(set.values == [["5.0", "B: 1"], ["x", "y"]])
        #expect(set.indices(of: [Array("B: 1".utf8), Array("x".utf8)]) == [1, 0])
        #expect(set.indices(of: [Array("2".utf8), Array("x".utf8)]) == nil)
        #expect(set.labels(at: [0, 1]) == [Array("5.0".utf8), Array("y".utf8)])
    }

    @Test(arguments: [
        #"{"l":[]}"#, #"{"l":["a","a"]}"#, #"{"l":[""]}"#, #"{"l":"a"}"#, #"{"l":[["a"]]}"#,
        #"{"m":["a"]}"#,
        #"["a"]"#, "nope", #"{"l":["a"],"l":["b"]}"#,
    ]) func filesThatAreNoLabelSetAreRefused(_ json: String) {
        #expect(throws: CorpusError.self) { try opened(json) }
    }

    @Test func barePrefixedAndOddLabelsMeetTheirClass() {
        let reviews = LabelAlignment(values: ["Stars: 5.0", "Area: 8: accept, good", "Stars: 1.0"])
        #expect(reviews.classIndex(of: "5.0") == 0)
        #expect(reviews.classIndex(of: "Stars: 1.0") == 2)
        #expect(reviews.classIndex(of: "8: accept, good") == 1)
        #expect(reviews.classIndex(of: "Rating: 5.0") == 0)
        #expect(reviews.classIndex(of: "2.0") == nil)
        let bare = LabelAlignment(values: ["5.0", "8: accept, good"])
        #expect(bare.classIndex(of: "Stars: 5.0") == 0)
        #expect(bare.classIndex(of: "Area: 8: accept, good") == 1)
        let twins = LabelAlignment(values: ["Food: good", "Room: good"])
        #expect(twins.classIndex(of: "good") == nil)
        #expect(twins.classIndex(of: "Room: good") == 1)
    }

    /// Either spelling of a record trains the prompt that `sample` will use.
    @Test func eitherSpellingGivesTheSameExample() throws {
        let set = try LabelSet(columns: ["l"], values: [["Review Stars: 5.0", "1.0"]])
        let encoder = ExampleEncoder(
            tokenizer: try Fixture.tokenizer(),
            sequenceLength: 64,
            labelSet: set
        )
        func example(_ label: String) throws -> TokenizedExample {
            try encoder.example(
                for: Record(number: 1, text: Array("good".utf8), labels: [Array(label.utf8)])
            ).get()
        }
        #expect(try example("5.0") == example("Review Stars: 5.0"))
        #expect(try example("Review Stars: 1.0") == example("1.0"))
        #expect(throws: BadRecord(number: 1, reason: .unknownLabel)) { try example("2.0") }
    }

    /// `a TAB b` and `c` would begin a text as `a` and `b TAB c` do.
    @Test func aTabBetweenLabelsIsNoPartOfOne() throws {
        #expect(throws: CorpusError.self) {
            try opened(#"{"a": ["x\ty"], "b": ["z"]}"#, ["a", "b"])
        }
        #expect(try opened(#"{"a": ["x\ty"]}"#, ["a"]).values == [["x\ty"]])
        let (records, bad) = try Fixture.inFolder { folder in
            let text = "text,a,b\none,x\ty,z\ntwo,x,y\tz\nthree,x,y\n"
            return try CorpusReader.readAll(
                paths: [try Fixture.write(text, to: "a.csv", in: folder)],
                columns: ColumnSelection(labels: ["a", "b"])
            )
        }
        #expect(records.map(\.text) == [Array("three".utf8)])
        #expect(bad.map(\.reason) == [.tabInLabel, .tabInLabel])
    }

    @Test func canonicallyEquivalentValuesAreTwoValues() throws {
        let set = try opened("{\"l\":[\"\u{E9}\",\"e\u{301}\"]}")
        #expect(set.index(of: Array("e\u{301}".utf8), inColumn: 0) == 1)
        #expect(try set != opened("{\"l\":[\"e\u{301}\",\"\u{E9}\"]}"))
    }

    @Test func valuesFoundAreOrderedByTheirBytes() throws {
        let records = ["b", "a", "b", "\u{E9}", "Z"].map {
            Record(number: 1, text: [0x61], labels: [Array($0.utf8)])
        }
        #expect(
            try LabelSet(foundIn: records, columns: ["l"]).values == [["Z", "a", "b", "\u{E9}"]]
        )
    }

    @Test func codingKeepsTheOrderAndChecksAgain() throws {
        let set = try LabelSet(columns: ["b", "a"], values: [["2", "1"], ["x"]])
        let data = try JSONEncoder().encode(set)
        #expect(try JSONDecoder().decode(LabelSet.self, from: data) == set)
        let twice = Data(#"[{"name":"a","values":["x","x"]}]"#.utf8)
        #expect(throws: CorpusError.self) { try JSONDecoder().decode(LabelSet.self, from: twice) }
    }

    @Test func valuesThatLookLikeTextAreWarnedOf() throws {
        func warnings(_ count: Int, among units: Int) throws -> [String] {
            try LabelSet(columns: ["l"], values: [(0..<count).map { "value-\($0)" }])
                .warningsWhereFound(among: units).map(\.description)
        }
        #expect(try warnings(5, among: 30).count == 1)
        #expect(try warnings(100, among: 100_000).count == 1)
        for (count, units) in [(101, 100_000), (25, 200)] {
            let found = try warnings(count, among: units)
            try #require(found.count == 2)
            #expect(found[1].hasPrefix("WARNING") && found[1].contains("\(count) values"))
            #expect(!found.joined().contains("value-"))
        }
    }

    @Test func aColumnHasOnePurpose() {
        #expect(ColumnSelection(labels: ["a", "b"], user: "c").columnWithTwoPurposes == nil)
        for columns in [
            ColumnSelection(labels: ["a", "text"]), ColumnSelection(labels: ["a"], user: "a"),
            ColumnSelection(user: "text"), ColumnSelection(labels: ["a", "a"]),
        ] {
            #expect(columns.columnWithTwoPurposes != nil)
        }
    }
}
