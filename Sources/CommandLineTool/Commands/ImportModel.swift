import ArgumentParser
import Checkpoints
import Corpus

/// `dpscribe import`.
struct ImportModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Copy a GPT-2 folder of Hugging Face into a model folder.",
        discussion: "Example: dpscribe import --from ~/gpt2 --out models/gpt2"
    )

    @Option(
        help: ArgumentHelp("Folder with config.json, weights and tokenizer.", valueName: "dir"),
        completion: .directory
    )
    var from: String

    @Option(help: ArgumentHelp("The new model folder.", valueName: "dir"), completion: .directory)
    var out: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let copied = try ModelCopy(from: from).write(to: out, as: .safetensors)
        try global.result.write(copied.json, text: copied.lines)
    }
}
