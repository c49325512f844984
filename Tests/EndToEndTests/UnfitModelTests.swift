import Foundation
import LocalServer
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Models whose files do not fit one another, or whose weights give no numbers: every command says so,
/// and none ends with a signal.
@Suite struct UnfitModelTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    /// A copy of the tiny model of 512 tokens, changed.
    private func model(
        _ name: String,
        of source: String? = nil,
        _ files: [String: String]
    ) throws -> String {
        let copy = workspace.path(name)
        try FileManager.default.copyItem(atPath: source ?? TinyModel.path(), toPath: copy)
        for (file, text) in files { try workspace.write(text, to: name + "/" + file) }
        return copy
    }

    private static let extraToken = ["added_tokens.json": #"{"[EXTRA]": 512}"#]

    /// Every command that opens a model of that folder.
    private func commands(_ model: String) throws -> [[String]] {
        let data = try workspace.write(
            "text,topic\nwe met [EXTRA] twice,a\nit rained,b\nthe shop was shut,a\n[EXTRA],b\n",
            to: "private.csv"
        )
        let compare = [
            "compare", "--real-test", data, "--synthetic", "x=\(data)", "--label-columns", "topic",
            "--quiet", "--out", workspace.path("report"),
        ]
        let evolve = [
            "evolve", "--data", data, "--label-columns", "topic", "--epsilon", "4", "--delta",
            "1e-3",
            "--iterations", "1", "--count", "4", "--variations", "2", "--max-new-tokens", "4",
            "--quiet",
        ]
        let base = try TinyModel.path()
        return [
            ["sample", "--model", model, "--count", "1", "--out", workspace.path("s.csv")],
            ["serve", "--model", model, "--port", "0"],
            compare + ["--model", model], compare + ["--model", base, "--embedding", model],
            evolve + ["--model", model, "--out", workspace.path("evolution")],
            evolve + ["--model", base, "--embedding", model, "--out", workspace.path("other")],
            [
                "finetune", "--data", data, "--label-columns", "topic", "--dataset-size", "4",
                "--epsilon", "8", "--delta", "0.01", "--batch-size", "2", "--epochs", "1",
                "--sequence-length", "16", "--model", model, "--out", workspace.path("run"),
            ],
            [
                "pretrain", "--data", data, "--model", model, "--tokenizer", model, "--epochs", "1",
                "--out", workspace.path("pretrained"),
            ],
            ["inspect", model], ["import", "--from", model, "--out", workspace.path("imported")],
            ["export", "--model", model, "--out", workspace.path("exported")],
        ]
    }

    private func expectRefusal(by commands: [[String]], saying message: String) throws {
        for command in commands {
            let outcome = try Tool.run(command)
            #expect(outcome.status == 78, "\(command): \(outcome.status) \(outcome.errors)")
            #expect(outcome.errors.contains(message), "\(command): \(outcome.errors)")
        }
        let made = ["s.csv", "run", "imported", "exported", "other"]
        for name in made {
            #expect(!FileManager.default.fileExists(atPath: workspace.path(name)), "\(name)")
        }
    }

    @Test func aTokenWithoutARowIsRefusedByEveryCommand() throws {
        let model = try model("unfit", Self.extraToken)
        try expectRefusal(
            by: commands(model),
            saying: "the tokenizer has 513 tokens, the weights have rows for 512"
        )
    }

    @Test(arguments: ["eos_token_id", "bos_token_id", "pad_token_id"])
    func anIdThatIsNoTokenIsRefusedByEveryCommand(key: String) throws {
        let model = try model("unfit", ["generation_config.json": "{\"\(key)\": 512}"])
        let folders = try commands(model).filter { $0[0] != "pretrain" }
        try expectRefusal(by: folders, saying: "\(key) is 512")
    }

    @Test func aRunAndAReleaseAreHeldToTheSame() throws {
        let setting = try FinetuneSetting()
        let made = try setting.finetune("run", ["--epochs": "0.2"])
        #expect(made.status == 0, "\(made.errors)")
        let released = setting.path("released")
        #expect(try Tool.run(["release", setting.path("run"), "--out", released]).status == 0)
        for folder in [setting.path("run"), released] {
            try Data(#"{"[EXTRA]": 512}"#.utf8)
                .write(to: URL(filePath: folder + "/added_tokens.json"))
            let out = workspace.path("s.csv")
            let outcome = try Tool.run(["sample", "--model", folder, "--count", "1", "--out", out])
            #expect(outcome.status == 78, "\(outcome.errors)")
            #expect(outcome.errors.contains("rows for 512"), "\(outcome.errors)")
        }
        let again = try Tool.run([
            "release", setting.path("run"), "--out", workspace.path("again"),
        ])
        #expect(again.status == 78, "\(again.errors)")
    }

    @Test(arguments: [
        ("vocab.txt", "[PAD]", "[PAD]\nzebra"),
        ("config.json", #""max_position_embeddings": "#, #""max_position_embeddings": 1, "x": "#),
    ])
    func aSentenceEncoderIsHeldToTheSame(file: String, part: String, other: String) throws {
        let source = Tool.packageRoot
            .appending(path: "Tests/CheckpointsTests/Fixtures/sentence-encoder").path
        let good = try String(contentsOfFile: source + "/" + file, encoding: .utf8)
        let changed = file == "vocab.txt" ? good + "\nzebra\n" : good.replacing(part, with: other)
        #expect(changed != good)
        let encoder = try model("encoder", of: source, [file: changed])
        let evolve = try commands(encoder).filter {
            $0[0] == "evolve" && $0.contains("--embedding")
        }
        try expectRefusal(by: evolve, saying: "encoder: ")
    }

    // MARK: Weights that give no numbers

    /// The tiny model with a final norm that overflows every logit.
    private func overflowing() throws -> String {
        let copy = try model("overflowing", [:])
        let path = copy + "/model.safetensors"
        var bytes = Array(try Data(contentsOf: URL(filePath: path)))
        let length = bytes.prefix(8).enumerated().reduce(0) {
            $0 | Int($1.element) << (8 * $1.offset)
        }
        let header = try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length]))
        let tensors = try #require(header as? [String: Any])
        let norm = try #require(tensors["ln_f.weight"] as? [String: Any])
        let span = try #require(norm["data_offsets"] as? [Int])
        for place in stride(from: 8 + length + span[0], to: 8 + length + span[1], by: 4) {
            // 3.3·10³⁸, near the largest float.
            bytes.replaceSubrange(place..<place + 4, with: [0, 0, 0x78, 0x7F])
        }
        try Data(bytes).write(to: URL(filePath: path))
        return copy
    }

    @Test func logitsThatAreNotFiniteAreAnErrorBeforeAnythingIsSpent() throws {
        let commands = try commands(overflowing()).filter {
            $0[0] == "sample" || $0[0] == "finetune" || $0[0] == "evolve"
        }
        #expect(commands.count == 4)
        try expectRefusal(by: commands, saying: "not finite")
    }

    @Test func aServerSaysSoAndGoesOn() async throws {
        let server = try ServedModel(overflowing())
        for _ in 0..<2 {
            var request = URLRequest(url: server.url.appending(path: "completions"))
            request.httpMethod = "POST"
            request.httpBody = Data(#"{"prompt": "We", "max_tokens": 4}"#.utf8)
            let (body, response) = try await URLSession.shared.data(for: request)
            #expect((response as? HTTPURLResponse)?.statusCode == 500)
            #expect(String(decoding: body, as: UTF8.self).contains("logits are not finite"))
        }
        #expect(server.stop().status == 0)
    }

    // MARK: Prompts

    @Test func aPromptLongerThanTheContextIsRefused() throws {
        let sample = [
            "sample", "--model", try TinyModel.path(), "--count", "1", "--out",
            workspace.path("s.csv"), "--prompt",
        ]
        let long = try Tool.run(sample + [String(repeating: "rain 7 ", count: 40)])
        #expect(long.status == 78, "\(long.errors)")
        #expect(long.errors.contains("the model's context is 64"), "\(long.errors)")
        #expect(try Tool.run(sample + ["rain"]).status == 0)
    }

    @Test func anExportSaysHowItIsAsked() throws {
        let setting = try FinetuneSetting()
        #expect(try setting.finetune("run", ["--epochs": "0.2"]).status == 0)
        let out = workspace.path("exported")
        let exported = try Tool.run(["export", "--model", setting.path("run"), "--out", out])
        #expect(exported.status == 0, "\(exported.errors)")
        let card = try String(contentsOfFile: out + "/README.md", encoding: .utf8)
        #expect(card.contains("in the order `topic`, `sentiment`, joined by TAB; two newlines"))
        #expect(card.contains(#"\t"#) && card.contains(#"\n\n""#), "\(card)")
        #expect(card.contains("differential privacy: epsilon"))
        let plain = workspace.path("plain")
        #expect(
            try Tool.run(["export", "--model", TinyModel.path(), "--out", plain]).status == 0
        )
        let other = try String(contentsOfFile: plain + "/README.md", encoding: .utf8)
        #expect(other.contains("`<|endoftext|>`, then the beginning of the text"))
        // With the card beside it, the folder is a model as before.
        #expect(try Tool.run(["inspect", out]).status == 0)
    }
}
