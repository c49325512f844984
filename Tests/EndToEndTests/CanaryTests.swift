import DemoCorpus
import Foundation
import Testing

/// Strings that must stay in the private file: looked for in every byte that a run leaves or says.
@Suite struct CanaryTests {
    /// What only the file knows: words of texts, label values outside the public set, users, places.
    private static let canaries = (0..<20).map {
        "qzx\($0)-" + String($0 * 7_919 + 104_729, radix: 36)
    }

    private let setting: FinetuneSetting

    init() throws { setting = try FinetuneSetting() }

    /// Messages of users, every kind of record that could make somebody quote it among them.
    private func hostileFile() throws -> String {
        let canaries = Self.canaries
        var bytes = Array("who,text,topic,sentiment\n".utf8)
        for (place, message) in DemoCorpus.messages(count: 200, seed: 8).enumerated() {
            bytes += Array("\(canaries[place % 5]),\(message.csvLine)\n".utf8)
        }
        for place in 5..<9 {
            bytes += Array("\(canaries[0]),\(canaries[place]),billing,negative\n".utf8)
        }
        for place in 9..<13 {
            bytes += Array("\(canaries[1]),a text,\(canaries[place]),negative\n".utf8)
        }
        bytes += Array("\(canaries[13]),".utf8) + [0xFF, 0xFE] + Array(",billing,negative\n".utf8)
        bytes += Array("\(canaries[14]),,app,neutral\n\(canaries[15])\n".utf8)
        bytes += Array("\(canaries[16]),a text,\(canaries[17]),\(canaries[18])\n".utf8)
        let folder = setting.workspace.folder.appending(path: canaries[19])
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return try setting.workspace.write(bytes, to: canaries[19] + "/private.csv")
    }

    /// Everything that reads the private file, or what came from it; nothing of it may fail.
    private func commands(_ data: String) throws -> [[String]] {
        let (run, released) = (setting.path("run"), setting.path("released"))
        let labels = ["--label-columns", "topic,sentiment"]
        let values = ["--label-values", setting.workspace.path("values.json")]
        let model = ["--model", try TinyModel.path()]
        let synthetic = setting.path("synthetic.csv")
        let training = setting.arguments(
            "run",
            [
                "--data": data, "--user-column": "who", "--dataset-size": "", "--batch-size": "2",
                "--delta": "0.01", "--release-label-counts": "1",
            ],
            flags: ["--private-diagnostics"]
        )
        return [
            ["lint", "--data", data, "--user-column", "who"] + labels + values + model,
            training.filter { $0 != "--quiet" }, training + ["--resume"],
            ["status", run], ["status", run, "--json"], ["inspect", run],
            ["sample", "--model", run, "--count", "20", "--max-new-tokens", "8"]
                + ["--label-distribution", run + "/label-counts.json", "--out", synthetic],
            ["release", run, "--out", released], ["verify", released],
            ["export", "--model", run, "--out", setting.path("exported")],
            [
                "evolve", "--data", data, "--epsilon", "4", "--delta", "1e-3", "--iterations", "1",
                "--count", "4", "--variations", "2", "--max-new-tokens", "4", "--out",
                setting.path("evolved"), "--user-column", "who",
            ] + labels + values + model,
            [
                "fewshot", "--data", data, "--epsilon", "4", "--delta", "1e-3", "--count", "2",
                "--prompts", "2", "--max-new-tokens", "4", "--out", setting.path("predicted"),
            ] + labels + values + model,
            [
                "compare", "--real-test", data, "--synthetic", "ours=" + synthetic, "--seeds", "1",
                "--label-columns", "topic", "--out", setting.path("report"),
            ] + model,
        ]
    }

    @Test func noByteOfAnyCommandQuotesThePrivateFile() throws {
        let data = try hostileFile()
        var places: [(name: String, data: Data)] = []
        for command in try commands(data) {
            let outcome = try Tool.run(command)
            #expect(outcome.status == 0, "\(command[0]): \(outcome.errors)")
            places.append((command[0], Data((outcome.output + outcome.errors).utf8)))
        }
        // Public training on the private file is refused; the error may name the file, no more.
        let refused = try Tool.run([
            "tokenizer", "train", "--data", data, "--vocab-size", "400", "--out",
            setting.path("tokenizer"),
        ])
        #expect(refused.status == 4)
        let named = refused.errors.replacing(data, with: "")
        places.append(("tokenizer train", Data((refused.output + named).utf8)))
        let runs = setting.workspace.folder.appending(path: "runs")
        let files = try #require(FileManager.default.enumerator(atPath: runs.path))
        for case let name as String in files {
            places.append(("the name of a file", Data(name.utf8)))
            if let data = FileManager.default.contents(atPath: runs.path + "/" + name) {
                places.append((name, data))
            }
        }
        #expect(places.count > 40)
        for (place, data) in places {
            for (number, canary) in Self.canaries.enumerated() {
                // How a run is continued names its files; it stays in the run, for its owner alone.
                if number == 19, place.hasSuffix("/command.json") {
                    #expect(!place.hasPrefix("released/"))
                    continue
                }
                #expect(data.range(of: Data(canary.utf8)) == nil, "canary \(number) in \(place)")
            }
        }
    }

    /// Files of private text that are not what they are taken for, in every format.
    private func mistakenFiles() throws -> [String] {
        let (one, two) = (Self.canaries[0], Self.canaries[1])
        return try [
            "headerless.csv": "text,\(one),\(two)\n\(one),\(two),\(one)\n",
            "escapes.csv": "\u{1B}]0;\(one)\u{7},\(two)\n\(one),\(two)\n",
            "quotes.csv": "\"\(one)\"\(two)\n\(one)\n",
            "keys.jsonl": "{\"\(one)\": \"\(two)\"}\n",
            "array.jsonl": "[{\"text\": \"\(one)\"},\n{\"text\": \"\(two)\"}]\n",
            "lines.txt": "\(one)\n\(two)\n",
            "keys.json": "{\"\(one)\": {\"\(two)\": 1}}\n",
            "list.json": "[{\"\(one)\": \"\(two)\", \"weight\": 1}]\n",
            "keys.yaml": "secret-\(one): \(two)\n",
            "names.yaml": "qzxname: \(one)\n",
        ].map { try setting.workspace.write($0.value, to: $0.key) }
    }

    /// Everything that takes a file of records, labels, claims, prompts, planted texts or options.
    private func mistakes(_ file: String) throws -> [[String]] {
        let model = ["--model", try TinyModel.path()]
        let good = setting.path("good.csv")
        let labels = ["--label-columns", "topic"]
        let compared =
            [
                "compare", "--label-columns", "topic", "--out", setting.path("report"), "--seeds",
                "1",
            ]
            + model
        let evolved =
            ["evolve", "--epsilon", "4", "--delta", "1e-3", "--iterations", "1", "--count", "4"]
            + ["--out", setting.path("evolved")] + labels
        let predicted =
            ["fewshot", "--epsilon", "4", "--delta", "1e-3", "--count", "2", "--prompts", "2"]
            + ["--out", setting.path("predicted")] + labels
        return [
            ["lint", "--data", file] + labels + model,
            ["lint", "--data", good, "--label-values", file] + labels + model,
            ["lint", "--data", good, "--config", file],
            ["finetune", "--data", file, "--epsilon", "4", "--delta", "1e-3", "--out"]
                + [setting.path("run")] + labels + model,
            ["finetune", "--data", good, "--epsilon", "4", "--delta", "1e-3", "--out"]
                + [setting.path("run"), "--label-values", file] + labels + model,
            evolved + ["--data", file] + model,
            predicted + ["--data", file] + model,
            predicted + ["--data", good, "--label-distribution", file] + model,
            evolved + ["--data", good, "--label-distribution", file] + model,
            evolved + ["--data", good, "--endpoint", "http://127.0.0.1:9/v1", "--prompts", file],
            compared + ["--real-test", file, "--synthetic", "a=" + good],
            compared + ["--real-test", good, "--synthetic", "a=" + file],
            compared + ["--real-test", good, "--synthetic", "a=" + good, "--real-train", file],
            compared + ["--real-test", good, "--synthetic", "a=" + good, "--claims", file],
            compared + ["--real-test", good, "--sweep", file],
            compared + ["--real-test", good, "--synthetic", "a=" + good, "--metrics", "full"]
                + ["--canaries", file],
            ["tokenizer", "train", "--data", file, "--vocab-size", "400", "--text-column", "words"]
                + ["--out", setting.path("tokenizer")],
            ["pretrain", "--data", file, "--text-column", "words", "--out", setting.path("base")]
                + model,
            ["inspect", file], ["release", file, "--out", setting.path("released")],
        ]
    }

    @Test func noErrorQuotesAFileThatIsNotWhatItWasTakenFor() throws {
        _ = try setting.workspace.messages(40, seed: 9, to: "runs/good.csv")
        for file in try mistakenFiles() {
            for command in try mistakes(file) {
                let outcome = try Tool.run(command + ["--quiet"])
                let said = outcome.output + outcome.errors
                for part in Self.canaries + ["qzxname", "\u{1B}"] where said.contains(part) {
                    Issue.record("\(command.joined(separator: " ")): \(said)")
                }
            }
        }
    }
}
