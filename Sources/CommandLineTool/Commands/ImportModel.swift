import ArgumentParser
import Autograd
import Checkpoints
import Corpus
import Foundation
import LanguageModel
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
        let copied =
            from.hasSuffix(".gguf")
            ? try importGGUF() : try ModelCopy(from: from).write(to: out, as: .safetensors)
        try global.result.write(copied.json, text: copied.lines)
    }

    private func importGGUF() throws -> ModelCopy.Report {
        let model = try TokenizedModel(gguf: from)
        try OutputFolder(out).make { draft in
            try model.tokenizer.save(to: draft.path)
            try ModelFolder.write(
                model.parameters,
                to: draft.path,
                as: .safetensors,
                endOfText: model.tokenizer.endOfText,
                beginningOfText: model.tokenizer.beginningOfText,
                productVersion: ProductVersion.current
            )
        }
        return ModelCopy.Report(
            parameterCount: model.parameters.layout.parameterCount,
            out: out,
            warnings: []
        )
    }
}
