import Foundation
import Testing

/// Model folders, both ways between this command and transformers.
@Suite struct InterchangeTests {
    private static let python = ProcessInfo.processInfo.environment["DPSCRIBE_PYTHON"]

    /// Tests/Interchange/check_interchange.py says what is compared.
    @Test(
        .enabled(
            if: python != nil,
            "set DPSCRIBE_PYTHON to a Python with transformers to run it"
        )
    )
    func transformersAgreesOnWeightsTokensAndContinuations() throws {
        let process = Process()
        process.executableURL = URL(filePath: Self.python ?? "")
        process.arguments = [
            Tool.packageRoot.appending(path: "Tests/Interchange/check_interchange.py").path,
            Tool.binary.path,
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(),
            as: UTF8.self
        )
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && text.hasSuffix("ok\n"), "\(text)")
    }
}
