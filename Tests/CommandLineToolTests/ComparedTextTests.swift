import Evaluation
import Foundation
import Testing

@testable import CommandLineTool

@Suite struct ComparedTextTests {
    @Test func runsOfOneMethodAtOneBudgetAreNumberedFromTheFirst() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).yaml").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let list = """
            - {name: dp, path: a.csv, epsilon: 8, delta: 1e-6}
            - {name: dp, path: b.csv, epsilon: 1, delta: 1e-6}
            - {name: dp, path: c.csv, epsilon: 8, delta: 1e-6}
            """
        try Data(list.utf8).write(to: URL(filePath: file))
        let texts = try ComparedText.all(synthetic: [], claims: nil, sweep: file) { _ in [] }
        #expect(texts.map(\.name) == ["dp ε=8 #1", "dp ε=1", "dp ε=8 #2"])
        #expect(texts.allSatisfy { $0.series == "dp" && $0.stated?.unit == .unstated })
    }
}
