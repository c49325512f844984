import Foundation
import Testing

/// A process that may not have the memory that it needs ends by itself, says so, and loses nothing.
@Suite(.serialized) struct MemoryTests {
    private let setting: FinetuneSetting

    init() throws { setting = try FinetuneSetting() }

    /// Runs the command with so many KiB of address space, for at most a minute.
    private func run(_ arguments: [String], kibibytes: Int) throws -> Tool.Outcome {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments =
            [
                "-c", "ulimit -v \(kibibytes); exec timeout -s KILL 60 \"$@\"", "bash",
                Tool.binary.path,
            ] + arguments
        return try RunningTool(process).outcome()
    }

    @Test func tooLittleMemoryEndsWith74AndARunGoesOn() throws {
        var statuses: Set<Int32> = []
        // With less than that the libraries are not even loaded.
        for kibibytes in [200_000, 300_000, 450_000, 600_000] {
            let outcome = try run(
                setting.arguments("run", ["--threads": "2"], flags: ["--resume"]),
                kibibytes: kibibytes
            )
            #expect([0, 74].contains(outcome.status), "\(kibibytes): \(outcome.errors)")
            statuses.insert(outcome.status)
            if outcome.status == 74 {
                #expect(outcome.errors.contains("out of memory"), "\(kibibytes)")
            }
        }
        #expect(statuses.contains(74))
        // No lock is held, and what was reserved can be replayed.
        let resumed = try setting.finetune("run", ["--threads": "2"], flags: ["--resume"])
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try resumed.json()["steps_done"] as? Int == 20)
    }

    @Test func nothingIsReservedWhereProductsCannotBegin() throws {
        let outcome = try run(setting.arguments(), kibibytes: 300_000)
        #expect(outcome.status == 74, "\(outcome.errors)")
        #expect(outcome.errors.contains("ulimit -v"))
        #expect(setting.ledgerLines() <= 1)
    }
}
