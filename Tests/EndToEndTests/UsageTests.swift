import Foundation
import Testing

@Suite struct UsageTests {
    @Test func helpAndVersionGoToStandardOutput() throws {
        for flag in ["--help", "--version"] {
            let outcome = try Tool.run([flag])
            #expect(outcome.status == 0 && !outcome.output.isEmpty && outcome.errors.isEmpty)
        }
    }

    @Test(arguments: [
        ["no-such-command"], ["privacy", "epsilon", "--no-such-flag"], ["privacy", "epsilon"],
        ["plan", "--records", "many"], ["privacy", "epsilon", "--accountant", "guess"],
    ])
    func unknownFlagsAndCommandsAreUsageErrors(arguments: [String]) throws {
        let outcome = try Tool.run(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("Error:"))
    }

    @Test(arguments: [
        (["finetun"], "Did you mean 'finetune'?"),
        (["finetune", "--epsilom", "8", "--data", "a.csv"], "Did you mean '--epsilon'?"),
    ])
    func whatIsNearIsNamed(arguments: [String], hint: String) throws {
        let outcome = try Tool.run(arguments)
        #expect(outcome.status == 64 && outcome.errors.contains(hint), "\(outcome.errors)")
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func shellsAreTaughtFiles(shell: String) throws {
        let script = try Tool.run(["--generate-completion-script", shell])
        #expect(script.status == 0)
        let files = ["bash": "compgen -f", "zsh": "_files", "fish": "__fish_complete_path"]
        let word = try #require(files[shell])
        #expect(script.output.contains(word) || script.output.contains("-f"), "\(shell)")
        #expect(script.output.contains("safetensors"))
    }

    @Test func everyMeasurementAcceptsTheOptionsOfTheOthers() throws {
        let outcome = try Tool.run([
            "bench", "gemm", "--sequence-length", "32", "--config", "tiny", "--clipping", "none",
            "--batch-size", "2", "--max-new-tokens", "4", "--steps", "1", "--json",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("--sequence-length") && outcome.errors.contains("ignored"))
        #expect(try outcome.json()["gemm_gflops"] is Double)
    }

    @Test func productsUseNoMoreInstructionsThanTheEnvironmentAllows() throws {
        let command = ["bench", "gemm", "--steps", "1", "--threads", "1", "--json"]
        let name = "DPSCRIBE_INSTRUCTION_SET"
        let result = try Tool.run(command, environment: [name: "baseline"]).json()
        #expect((result["instruction_set"] as? String)?.hasSuffix("baseline") == true)
        let speeds = ["gemm_gflops", "own_gflops", "blas_gflops"].map { result[$0] as? Double ?? 0 }
        #expect(speeds[0] > 0 && speeds[0] == max(speeds[1], speeds[2]))
        let unknown = try Tool.run(command, environment: [name: "avx9\u{1B}[2J"])
        #expect(unknown.status == 78 && unknown.output.isEmpty)
        #expect(unknown.errors.contains("baseline, x86-64-v3, x86-64-v4"))
        #expect(!unknown.errors.contains("\u{1B}"))
    }

    @Test func aVoteIsMeasured() throws {
        let outcome = try Tool.run([
            "bench", "neighbors", "--records", "300", "--candidates", "40", "--dimensions", "8",
            "--nearest", "3", "--steps", "1", "--json",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try outcome.json()["seconds"] is Double)
        let tooMany = try Tool.run(["bench", "neighbors", "--candidates", "2", "--nearest", "3"])
        #expect(tooMany.status == 78 && tooMany.errors.contains("--nearest is 3"))
    }

    @Test func inspectSaysWhatAFileIsNot() throws {
        let workspace = try Workspace()
        let outcome = try Tool.run(["inspect", try workspace.messages(3, seed: 1, to: "a.csv")])
        #expect(outcome.status == 65)
        #expect(outcome.errors.contains("is a file, but no"), "\(outcome.errors)")
    }

    @Test(arguments: [
        "sample --count -1 --out a.csv", "plan --epsilon 1 --delta 1e-5 --records -1",
    ])
    func aNegativeNumberIsReadAndRefused(arguments: String) throws {
        let outcome = try Tool.run(
            arguments.split(separator: " ").map(String.init)
                + (arguments.hasPrefix("sample") ? ["--model", TinyModel.path()] : [])
        )
        #expect(outcome.status == 78, "\(outcome.errors)")
    }

    @Test func aShapeNeedsNoTypeAndIsCalledByItsName() throws {
        let workspace = try Workspace()
        let good =
            #"{"vocab_size": 300, "n_positions": 16, "n_embd": 8, "n_layer": 1, "n_head": 1}"#
        func bench(_ shape: String) throws -> Tool.Outcome {
            try Tool.run([
                "bench", "train", "--config", try workspace.write(shape, to: "shape.json"),
                "--steps", "1", "--batch-size", "2", "--sequence-length", "8",
            ])
        }
        #expect(try bench(good).status == 0)
        let bad = try bench(good.replacing("n_embd", with: "width"))
        #expect(bad.status == 78)
        #expect(bad.errors.contains("shape.json") && !bad.errors.contains("save_pretrained"))
        #expect(!bad.errors.contains("config.json"), "\(bad.errors)")
    }

    @Test func aConfigurationFileStandsForFlags() throws {
        let folder = try ScratchFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "epsilon.yaml")
        try Data(
            """
            noise-multiplier: 1
            sampling-probability: 0.01
            steps: 500
            delta: 1e-5
            accountant: rdp
            """.utf8
        ).write(to: file)
        let arguments = ["privacy", "epsilon", "--json", "--config", file.path]
        let fromFile = try Tool.run(arguments + ["--steps", "1000"]).json()
        // Order-7.8 Rényi bound of these parameters, computed with 40-digit arithmetic.
        #expect(abs(try #require(fromFile["epsilon"] as? Double) - 2.101365) < 1e-6)

        try Data("noise-multiplier: 1\ncolour: red".utf8).write(to: file)
        let outcome = try Tool.run(arguments)
        #expect(outcome.status == 64)
        // The line is named and not quoted: the file may be another than was meant.
        #expect(
            outcome.errors.contains("epsilon.yaml, line 2") && !outcome.errors.contains("colour")
        )
    }
}
