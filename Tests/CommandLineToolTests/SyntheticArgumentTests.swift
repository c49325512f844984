import Testing

@testable import CommandLineTool

@Suite struct SyntheticArgumentTests {
    @Test func namesAndPathsComeRepeatedOrSeparated() throws {
        let parsed = try SyntheticArgument.parse(["dp=a,b.csv,pe=c=d.csv", "x=y"])
        #expect(
            parsed == [
                .init(name: "dp", path: "a,b.csv"), .init(name: "pe", path: "c=d.csv"),
                .init(name: "x", path: "y"),
            ]
        )
    }

    @Test(arguments: ["file.csv", "=file.csv", "dp="])
    func aMissingNameOrPathIsAUsageError(argument: String) {
        #expect(throws: ToolError.self) { try SyntheticArgument.parse([argument]) }
    }
}
