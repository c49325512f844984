import ArgumentParser
import Checkpoints
import Training

/// `dpscribe import`.
struct ImportModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Copy a folder of Hugging Face or a GGUF file into a model folder.",
        discussion: """
            Families: GPT-2, Llama (SmolLM2, Llama 3), Qwen2, Qwen3. Quantized weights \
            are turned into single precision.
            Example: dpscribe import --from SmolLM2-135M.gguf --out models/smollm2
            """
    )

    @Option(
        help: ArgumentHelp(
            "Folder with config.json, weights and tokenizer, or a .gguf file.",
            valueName: "dir|file"
        ),
        completion: .file()
    )
    var from: String

    @Option(help: ArgumentHelp("The new model folder.", valueName: "dir"), completion: .directory)
    var out: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let copied = try copied()
        try global.result.write(copied.json, text: copied.lines)
    }

    private func copied() throws -> ModelCopy.Report {
        guard from.hasSuffix(".gguf") else {
            return try ModelCopy(from: from).write(to: out, as: .safetensors)
        }
        let model = try TokenizedModel(gguf: from)
        return try ModelCopy.write(model.tokenizer, model.parameters, to: out, as: .safetensors)
    }
}
