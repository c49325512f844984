import Foundation
import Testing

/// Two trainers on one run folder.
@Suite struct RaceTests {
    /// `$DPSCRIBE_RACES` races, or three.
    private static let races =
        ProcessInfo.processInfo.environment["DPSCRIBE_RACES"].flatMap(Int.init) ?? 3

    @Test func ofTwoTrainersOneWins() throws {
        let setting = try FinetuneSetting()
        for race in 0..<Self.races {
            let run = "race\(race)"
            // Half of them begin the run, the others go on with one that was stopped.
            let changes = ["--epochs": "3"]
            if race % 2 == 1 {
                let first = try Tool.start(setting.arguments(run, changes))
                try setting.wait(for: first) { setting.ledgerLines(run) > 2 }
                first.process.terminate()
                _ = first.outcome()
            }
            let flags = race % 2 == 1 ? ["--resume"] : []
            let tools = try (0..<2).map { _ in
                try Tool.start(setting.arguments(run, changes, flags: flags))
            }
            let outcomes = tools.map { $0.outcome() }
            let statuses = outcomes.map(\.status).sorted()
            // Whoever comes when the other is done is told the result again.
            #expect(
                statuses == [0, 73] || (race % 2 == 1 && statuses == [0, 0]),
                "race \(race): \(outcomes.map(\.errors))"
            )
            let ledger = String(decoding: try setting.bytes(run + "/ledger.jsonl"), as: UTF8.self)
            #expect(ledger.components(separatedBy: "\"kind\":\"step\"").count - 1 == 30)
            let status = try Tool.run(["status", setting.path(run), "--json"]).json()
            #expect(status["finished"] as? Bool == true)
            #expect(try !setting.names(run).contains("secret"))
        }
    }
}
