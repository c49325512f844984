import Foundation
import Testing

/// `compare --sweep` with cells to run.
@Suite struct SweepTests {
    private let setting: FinetuneSetting

    init() throws { setting = try FinetuneSetting() }

    private func sweepFile(runs: Int = 2, learningRate: String = "1e-3") throws -> String {
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
            sample: {count: 40, max-new-tokens: 12}

            """,
            to: "sweep.yaml"
        )
    }

    private func compare(_ sweep: String, out: String) throws -> Tool.Outcome {
        let test = try setting.workspace.messages(100, seed: 9, to: "test.csv")
        return try Tool.run([
            "compare", "--real-test", test, "--label-columns", "topic,sentiment", "--sweep", sweep,
            "--model", try TinyModel.path(), "--out", setting.workspace.path(out), "--json",
        ])
    }

    @Test func cellsAreRunOnceAndComparedWithTheirOwnGuarantees() throws {
        let sweep = try sweepFile()
        let first = try compare(sweep, out: "report")
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.errors.contains("4 cells, 0 of them finished"))
        #expect(first.errors.contains("at most ε = 16"))
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
    ])
    func aFileThatSaysTooLittleOrTooMuchIsRefused(text: String) throws {
        let sweep = try setting.workspace.write(text, to: "sweep.yaml")
        #expect(try compare(sweep, out: "report").status == 78)
    }
}
