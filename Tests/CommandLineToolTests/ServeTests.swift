import ArgumentParser
import Testing

@testable import CommandLineTool

@Suite struct ServeTests {
    @Test(arguments: ["0", "8080", "65535"]) func aPortIsTaken(number: String) throws {
        #expect(try Serve.parse(["--port", number]).portNumber().description == number)
    }

    @Test(arguments: ["99999", "65536", "-1"]) func whatIsNoPortIsToldWhatIs(number: String) throws
    {
        let serve = try Serve.parse(["--port", number])
        #expect(
            throws: ToolError.badConfiguration("--port is \(number); it must be in 0...65535")
        ) { try serve.portNumber() }
    }
}
