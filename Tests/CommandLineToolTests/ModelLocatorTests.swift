import Foundation
import Testing

@testable import CommandLineTool

@Suite struct ModelLocatorTests {
    @Test func environmentThenInstallationThenParentFoldersAreSearched() {
        let locator = ModelLocator(
            environment: ["DPSCRIBE_MODELS": "/m"],
            binary: URL(filePath: "/nowhere/p/bin/dpscribe")
        )
        #expect(
            locator.searchFolders.map { $0.path } == [
                "/m", "/nowhere/p/share/dpscribe/models", "/nowhere/p/models", "/nowhere/models",
                "/models",
            ]
        )
    }

    @Test func aNameIsFoundInTheFirstFolderThatHasIt() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        let model = root.appending(path: "models/base")
        try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
        let empty = root.appending(path: "runs")
        try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
        try Data("{}".utf8).write(to: model.appending(path: "config.json"))
        let locator = ModelLocator(
            environment: [:],
            binary: root.appending(path: ".build/release/dpscribe")
        )
        #expect(try locator.folder(named: nil).path == model.path)
        #expect(try locator.folder(named: model.path).path == model.path)
        #expect(throws: ToolError.self) { try locator.folder(named: "other") }
        #expect {
            try locator.folder(named: empty.path)
        } throws: { error in
            "\(error)".contains("no model folder") && ErrorReport(error).status == .missingInput
        }
        #expect(throws: ToolError.self) { try locator.folder(named: "/nowhere/other") }
    }
}
