import Corpus
import Foundation
import Testing

@testable import CommandLineTool

@Suite struct RunLabelsTests {
    private func labelSet(_ run: String?) throws -> LabelSet? {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try run.map { try Data($0.utf8).write(to: folder.appending(path: "run.json")) }
        return try RunLabels.labelSet(inRun: folder.path)
    }

    @Test func aRunStatesItsLabelsAndAModelHasNone() throws {
        let found = try labelSet(#"{"labels": [{"name": "topic", "values": ["a", "b"]}], "x": 1}"#)
        #expect(found == (try LabelSet(columns: ["topic"], values: [["a", "b"]])))
        #expect(try labelSet(#"{"labels": []}"#) == nil)
        #expect(try labelSet(nil) == nil)
    }

    @Test func aDamagedDescriptionIsAnIntegrityError() {
        #expect {
            try labelSet("{")
        } throws: {
            ErrorReport($0).status == .integrityViolated
        }
    }
}
