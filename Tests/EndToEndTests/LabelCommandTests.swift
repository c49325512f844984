import Foundation
import Testing

/// From training with a label probe to texts that it labels, and a release that carries it.
@Suite struct LabelCommandTests {
    private let setting: FinetuneSetting
    private let workspace: Workspace

    init() throws {
        setting = try FinetuneSetting()
        workspace = setting.workspace
    }

    private func rows(_ name: String) throws -> [[String: String]] {
        let text = try String(contentsOf: URL(filePath: workspace.path(name)), encoding: .utf8)
        return try text.split(separator: "\n").map {
            let object = try JSONSerialization.jsonObject(with: Data($0.utf8))
            return try #require(object as? [String: String])
        }
    }

    @Test func aProbeIsTrainedAppliedAndReleased() throws {
        let run = try setting.finetune("run", ["--label-epsilon": "2"])
        #expect(run.status == 0, "\(run.errors)")
        let result = try run.json()
        let epsilon = try #require(result["epsilon"] as? Double)
        let share = try #require(result["label_epsilon"] as? Double)
        #expect(epsilon <= 8 && epsilon > 7.9 && share <= 2 && share > 1.99)
        #expect(result["label_steps_done"] as? Int == 100)
        #expect(try setting.names().contains("label-probe.safetensors"))

        // Ten steps an epoch; the probe's hundred are no steps of the model.
        let status = try Tool.run(["status", setting.path("run"), "--json"]).json()
        #expect(status["steps"] as? Int == 20 && status["steps_done"] as? Int == 20)
        #expect(status["releases_reserved"] as? Int == 120)

        let released = try Tool.run([
            "release", setting.path("run"), "--out", workspace.path("out"),
        ])
        #expect(released.status == 0, "\(released.errors)")
        let verified = try Tool.run(["verify", workspace.path("out"), "--json"])
        #expect(verified.status == 0, "\(verified.errors)")
        #expect(try verified.json()["verified"] as? Bool == true)

        let texts = try workspace.messages(40, seed: 9, to: "texts.csv")
        for (model, name) in [(setting.path("run"), "a.jsonl"), (workspace.path("out"), "b.jsonl")]
        {
            let labelled = try Tool.run([
                "label", "--model", model, "--data", texts, "--out", workspace.path(name), "--json",
            ])
            #expect(labelled.status == 0, "\(labelled.errors)")
            #expect(try labelled.json()["count"] as? Int == 40)
        }
        // The release is the run's model, and its probe says the same.
        #expect(try rows("a.jsonl") == rows("b.jsonl") && rows("a.jsonl").count == 40)
        #expect(try Set(rows("a.jsonl")[0].keys) == ["text", "topic", "sentiment"])

        for (rule, name) in [("", "c.jsonl"), ("posterior", "d.jsonl"), ("code", "e.jsonl")] {
            let sampled = try Tool.run(
                [
                    "sample", "--model", setting.path("run"), "--count", "24", "--out",
                    workspace.path(name), "--labels", "sentiment=negative", "--seed", "4",
                    "--max-new-tokens", "12", "--json",
                ] + (rule.isEmpty ? ["--oversample", "2"] : ["--label-by", rule])
            )
            #expect(sampled.status == 0, "\(sampled.errors)")
            #expect(try sampled.json()["count"] as? Int == 24)
            // Every row has the label that was asked for, and topics have even shares.
            let rows = try rows(name)
            #expect(rows.count == 24 && rows.allSatisfy { $0["sentiment"] == "negative" })
            let counts = Dictionary(grouping: rows) { $0["topic"] ?? "" }.values.map(\.count)
            #expect((counts.max() ?? 9) - (counts.min() ?? 0) <= 1)
        }
    }

    @Test func aModelWithoutAProbeSaysHowToGetOne() throws {
        let model = try TinyModel.path()
        let texts = try workspace.messages(3, seed: 9, to: "texts.csv")
        let label = try Tool.run([
            "label", "--model", model, "--data", texts, "--out", workspace.path("a.csv"),
        ])
        #expect(label.status == 78 && label.errors.contains("finetune --label-epsilon"))
        for option in [["--label-by", "probe"], ["--oversample", "2"]] {
            let sample = try Tool.run(
                ["sample", "--model", model, "--count", "1", "--out", workspace.path("a.csv")]
                    + option
            )
            #expect(sample.status == 64 && sample.errors.contains("no label probe"))
        }
    }

    @Test func planShowsTheSplit() throws {
        let arguments = [
            "plan", "--records", "10000", "--epsilon", "8", "--delta", "1e-6",
            "--tokens-per-second", "1000", "--json",
        ]
        let plain = try Tool.run(arguments).json()
        let split = try Tool.run(arguments + ["--label-epsilon", "1"]).json()
        let noises = [plain, split].compactMap { $0["noise_multiplier"] as? Double }
        try #require(noises.count == 2)
        // A share of 1 costs training far less than an eighth of its budget.
        #expect(noises[1] > noises[0] && noises[1] < noises[0] * 1.03)
        #expect(try #require(split["epsilon"] as? Double) <= 8)
        let share = try #require(split["label_epsilon"] as? Double)
        #expect(share <= 1 && share > 0.999)
        for wrong in ["0", "8", "-1", "nan"] {
            #expect(try Tool.run(arguments + ["--label-epsilon", wrong]).status == 78)
        }
    }
}
