import Foundation
import Testing

/// `compare --sweep` with cells to run.
@Suite struct SweepTests {
    private let setting: FinetuneSetting

    init() throws { setting = try FinetuneSetting() }

    private func sweepFile(
        runs: Int = 2,
        learningRate: String = "1e-3",
        evolve: String = ""
    ) throws -> String {
        let base = try TinyModel.path()
        return try setting.workspace.write(
            """
            folder: \(setting.path("cells"))
            epsilons: [8, inf]
            runs: \(runs)
            corpus:
              data: \(setting.workspace.path("private.csv"))
              label-columns: [topic, sentiment]
              label-values: \(setting.workspace.path("values.json"))
              dataset-size: 300
              delta: 1e-4
              model: \(base)
            finetune: {epochs: 1, batch-size: 30, sequence-length: 24, learning-rate: \(learningRate)}
            sample: {count: 40, max-new-tokens: 12, top-p: {inf: 1}}
            \(evolve)

            """,
            to: "sweep.yaml"
        )
    }

    private func compare(_ sweep: String, out: String) throws -> Tool.Outcome {
        try Tool.run(arguments(sweep, out: out))
    }

    private func arguments(_ sweep: String, out: String) throws -> [String] {
        let test = try setting.workspace.messages(100, seed: 9, to: "test.csv")
        return [
            "compare", "--real-test", test, "--label-columns", "topic,sentiment", "--sweep", sweep,
            "--model", try TinyModel.path(), "--out", setting.workspace.path(out), "--json",
        ]
    }

    /// Stopped in its first cell: what was begun is continued, and both methods have their rows.
    @Test func aStoppedSweepGoesOnAndComparesBothMethods() throws {
        let sweep = try sweepFile(
            runs: 1,
            evolve: "evolve: {iterations: 2, count: 20, variations: 2, max-new-tokens: 12}"
        )
        let running = try Tool.start(arguments(sweep, out: "report"))
        try setting.wait(for: running) {
            setting.ledgerLines("cells/finetune-epsilon8-run1") > 2
        }
        kill(running.process.processIdentifier, SIGINT)
        let stopped = running.outcome()
        #expect(stopped.status == 75, "\(stopped.errors)")
        let again = try compare(sweep, out: "report")
        #expect(again.status == 0, "\(again.errors)")
        let rows = try #require(try again.json()["rows"] as? [[String: Any]])
        #expect(
            rows.compactMap { $0["name"] as? String }.dropFirst(3) == [
                "finetune ε=8", "finetune ε=∞", "evolve ε=8", "evolve ε=∞",
            ]
        )
        let report = try String(
            contentsOfFile: setting.workspace.path("report/report.html"),
            encoding: .utf8
        )
        #expect(report.contains("evolve"))
    }

    @Test func cellsAreRunOnceAndComparedWithTheirOwnGuarantees() throws {
        let sweep = try sweepFile()
        let first = try compare(sweep, out: "report")
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.errors.contains("4 cells, 0 of them finished"))
        #expect(first.errors.contains("at most ε = 16"))
        #expect(first.errors.contains("about "), "the time, before anything is run")
        let commands = try ["8", "inf"].map {
            String(
                decoding: try setting.bytes("cells/cells/finetune-epsilon\($0)-run1.json"),
                as: UTF8.self
            )
        }
        #expect(!commands[0].contains("--top-p") && commands[1].contains("--top-p=1"))
        let rows = try #require(try first.json()["rows"] as? [[String: Any]])
        #expect(
            rows.compactMap { $0["name"] as? String }.dropFirst(3) == [
                "finetune ε=8 #1", "finetune ε=∞ #1", "finetune ε=8 #2", "finetune ε=∞ #2",
            ]
        )
        let texts = try ["run1", "run2"].map {
            try setting.bytes("cells/texts/finetune-epsilon8-\($0).csv")
        }
        #expect(texts[0] != texts[1])

        let second = try compare(sweep, out: "report-2")
        #expect(second.status == 0, "\(second.errors)")
        #expect(second.errors.contains("all 4 cells are finished"))
        #expect(try setting.bytes("cells/texts/finetune-epsilon8-run1.csv") == texts[0])

        let changed = try compare(sweepFile(learningRate: "2e-3"), out: "report-3")
        #expect(changed.status == 78)
        #expect(changed.errors.contains("made with other settings"))
    }

    @Test func aFailingCellEndsTheSweepWithItsStatusAndKeepsWhatIsFinished() throws {
        let sweep = try sweepFile(runs: 1, learningRate: "-1")
        let result = try compare(sweep, out: "report")
        #expect(result.status == 78)
        #expect(result.errors.contains("--learning-rate"))
        #expect(!FileManager.default.fileExists(atPath: setting.workspace.path("report")))
    }

    @Test(arguments: [
        "folder: x\nepsilons: [8]\n", "folder: x\nepsilons: [-1]\nfinetune: {}\n",
        "epsilons: [8]\nfinetune: {}\n", "folder: x\nepsilons: [8]\nfinetune: {out: y}\n",
        "folder: x\nepsilons: [8]\nfinetune: {}\nother: 1\n", "just words\n",
        "folder: x\nepsilons: [8]\nfinetune: {epochs: {4: 1}}\n",
    ])
    func aFileThatSaysTooLittleOrTooMuchIsRefused(text: String) throws {
        let sweep = try setting.workspace.write(text, to: "sweep.yaml")
        #expect(try compare(sweep, out: "report").status == 78)
    }
}
