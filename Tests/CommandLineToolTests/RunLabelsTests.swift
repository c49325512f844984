import Corpus
import Foundation
import Testing

@testable import CommandLineTool

@Suite struct RunLabelsTests {
    private func labelSet(_ run: String?, name: String = "run.json") throws -> LabelSet? {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try run.map { try Data($0.utf8).write(to: folder.appending(path: name)) }
        return try RunLabels.labelSet(in: folder.path)
    }

    @Test func aRunStatesItsLabelsAndAModelHasNone() throws {
        let found = try labelSet(#"{"labels": [{"name": "topic", "values": ["a", "b"]}], "x": 1}"#)
        #expect(found == (try LabelSet(columns: ["topic"], values: [["a", "b"]])))
        #expect(try labelSet(#"{"labels": []}"#) == nil)
        #expect(try labelSet(nil) == nil)
    }

    @Test func aReleaseStatesItsLabels() throws {
        let found = try labelSet(#"[{"name": "topic", "values": ["a"]}]"#, name: "labels.json")
        #expect(found == (try LabelSet(columns: ["topic"], values: [["a"]])))
        #expect {
            try labelSet("{}", name: "labels.json")
        } throws: {
            ErrorReport($0).status == .integrityViolated
        }
    }

    @Test func aDamagedDescriptionIsAnIntegrityError() {
        #expect {
            try labelSet("{")
        } throws: {
            ErrorReport($0).status == .integrityViolated
        }
    }
}
