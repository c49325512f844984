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

    /// What is wrong and what would be right are both public, so the message has both.
    @Test func errorsNameTheWrongValueAndTheValidOnes() throws {
        func message(_ make: () throws -> LabelMixture) -> String {
            do {
                _ = try make()
                return ""
            } catch { return "\(ErrorReport(error).message)" }
        }
        let values = "It has 'a', 'b, mood', 'c=d'"
        for text in [
            message { try LabelMixture(labels: "topic=x", labelSet: set) },
            message { try mixture(file: #"{"topic": {"x": 1}, "mood": {"good": 1}}"#) },
            message { try mixture(file: #"[{"topic": "x", "mood": "good", "weight": 1}]"#) },
            message { try mixture(file: "topic,mood,count\nx,good,3\n", "csv") },
        ] {
            #expect(text.contains("topic has no value 'x'") && text.contains(values), "\(text)")
        }
        #expect(
            message { try LabelMixture(labels: "mood=goood", labelSet: set) }.contains(
                "Did you mean 'good'? It has 'good', 'bad'"
            )
        )
        #expect(
            message { try mixture(file: #"{"topics": {"a": 1}, "mood": {"good": 1}}"#) }
                .contains("'topics' is none of the label columns, which are topic, mood")
        )
        // Nothing of it is right, so it may be private.
        let mistaken = message { try mixture(file: #"{"a secret": {"b": 1}}"#) }
        #expect(mistaken.contains("none of the label columns") && !mistaken.contains("secret"))
        #expect(
            message { try mixture(file: #"[{"topic": "a", "mood": "bad", "weight": -2}]"#) }
                .contains("the weight of 'a, bad' is -2.0; it must be at least 0")
        )
    }

    @Test func aMixThatWasNotStatedIsSaid() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let line = UniformLabelsText(set, run: folder.path).line
        #expect(line.contains("each of the 3 values of topic and each of the 2 values of mood"))
        #expect(
            line.contains(
                #"--label-distribution mix.json with {"topic": {"a": 0.5, "b, mood": 0.3, "c=d": 0.2}, "#
                    + #""mood": {"good": 0.5, "bad": 0.3}}"#
            )
        )
        let counts = folder.appending(path: "label-counts.json")
        try Data("[]".utf8).write(to: counts)
        #expect(
            UniformLabelsText(set, run: folder.path).line.contains(
                "pass --label-distribution \(counts.path)"
            )
        )
    }
}
