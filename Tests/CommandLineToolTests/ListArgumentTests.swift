import Foundation
import Testing

@testable import CommandLineTool

@Suite struct ListArgumentTests {
    @Test func commasAndRepetitionMeanTheSame() {
        #expect(ListArgument.names(["a, b", "c", ",d,"]) == ["a", "b", "c", "d"])
    }

    @Test func aNameWithACommaStandsInQuotes() {
        let value = #""City, State",topic, "say ""no"", then" ,"open"#
        let names = ["City, State", "topic", #"say "no", then"#, #""open"#]
        #expect(ListArgument.names([value]) == names)
        #expect(
            ListArgument.names([names.map(ListArgument.quoted).joined(separator: ",")]) == names
        )
    }

    @Test func aFileWithACommaInItsNameIsOneFile() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "a,b-\(UUID()).csv")
        try Data().write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        #expect(ListArgument.paths([path.path, "x.csv,y.csv"]) == [path.path, "x.csv", "y.csv"])
    }
}
