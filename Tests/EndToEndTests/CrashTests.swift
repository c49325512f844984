import Foundation
import Testing

/// What a crash in the middle of private work leaves behind.
@Suite struct CrashTests {
    @Test func aCrashLeavesNeitherCoreNorBacktrace() throws {
        let setting = try FinetuneSetting()
        // The runtime's backtracer would print registers and memory if the product let it.
        let tool = try Tool.start(
            setting.arguments("run", ["--epochs": "40"]),
            environment: ["SWIFT_BACKTRACE": "enable=yes,color=no"],
            in: setting.workspace.folder
        )
        try setting.wait(for: tool) { setting.ledgerLines() >= 3 }
        let process = tool.process.processIdentifier
        let limits = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
        let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
        #expect(core?.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"])
        kill(process, SIGSEGV)
        let outcome = tool.outcome()
        #expect(outcome.status == -SIGSEGV)
        #expect(outcome.errors.isEmpty && outcome.output.isEmpty, "\(outcome.errors)")
        let names = try setting.workspace.names()
        #expect(!names.contains { $0.hasPrefix("core") }, "\(names)")
        #expect(try setting.finetune("run", ["--epochs": "40"], flags: ["--resume"]).status == 0)
    }
}
