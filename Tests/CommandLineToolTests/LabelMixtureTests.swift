import Corpus
import Foundation
import Testing

@testable import CommandLineTool

@Suite struct LabelMixtureTests {
    private let set: LabelSet

    init() throws {
        set = try LabelSet(
            columns: ["topic", "mood"],
            values: [["a", "b, mood", "c=d"], ["good", "bad"]]
        )
    }

    private func mixture(file text: String, _ suffix: String = "json") throws -> LabelMixture {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).\(suffix)")
        try Data(text.utf8).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        return try LabelMixture(file: path.path, labelSet: set)
    }

    @Test func aCommaSeparatesOnlyBeforeALabelColumn() throws {
        let mixture = try LabelMixture(labels: "topic=b, mood,mood=bad", labelSet: set)
        #expect(mixture.parts == [.init(labels: ["b, mood", "bad"], weight: 1)])
        #expect(try LabelMixture(labels: "topic=c=d", labelSet: set).parts.count == 2)
        let cities = try LabelSet(
            columns: ["City, State", "City"],
            values: [["Austin, Texas", "x"], ["a", "b"]]
        )
        let both = "City=b,City, State=Austin, Texas"
        #expect(
            try LabelMixture(labels: both, labelSet: cities).parts == [
                .init(labels: ["Austin, Texas", "b"], weight: 1)
            ]
        )
    }

    @Test(arguments: ["", "topic", "colour=a", "topic=x", "topic=a,topic=a", "topic=a,mood=good,x"])
    func unknownColumnsAndValuesAreUsageErrors(labels: String) {
        #expect {
            try LabelMixture(labels: labels, labelSet: set)
        } throws: {
            ErrorReport($0).status == .usage
        }
    }

    @Test func countsAddUpAndFollowTheWeights() throws {
        let mixture = try mixture(
            file:
                #"{"topic": {"a": 0.5, "b, mood": 0.3, "c=d": 0.2}, "mood": {"good": 2, "bad": 1}}"#
        )
        for count in [0, 1, 7, 100, 10_000] {
            let counts = mixture.counts(of: count)
            #expect(counts.reduce(0) { $0 + $1.count } == count)
        }
        let thousand = mixture.counts(of: 3_000)
        #expect(thousand.first { $0.labels == ["a", "good"] }?.count == 1_000)
        #expect(thousand.first { $0.labels == ["c=d", "bad"] }?.count == 200)
    }

    @Test func combinationsComeFromJSONOrCSV() throws {
        let json = try mixture(file: #"[{"topic": "a", "mood": "good", "weight": 3}]"#)
        let csv = try mixture(file: "topic,mood,count\na,good,3\n", "csv")
        #expect(json == csv)
        #expect(json.parts == [.init(labels: ["a", "good"], weight: 3)])
    }

    @Test(arguments: [
        "[]", "{}", "3", #"{"topic": {"a": 1}}"#, #"{"topic": {"x": 1}, "mood": {"good": 1}}"#,
        #"{"topic": {"a": 0}, "mood": {"good": 1}}"#,
        #"[{"topic": "a", "mood": "good", "weight": -1}]"#,
    ])
    func unusableDistributionsAreUsageErrors(text: String) {
        #expect {
            try mixture(file: text)
        } throws: {
            ErrorReport($0).status == .usage
        }
    }
}
