import ArgumentParser
import Checkpoints
import Foundation

/// `dpscribe inspect`.
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What is in a model folder, a run or a weights file.",
        discussion: "Example: dpscribe inspect models/base"
    )

    @Argument(
        help: ArgumentHelp(
            "Model folder, run folder, .safetensors or .h5 file.",
            valueName: "model|run|file"
        )
    )
    var target: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let description = try describe()
        try global.result.write(description.json, text: description.lines)
    }

    private func describe() throws -> ModelDescription {
        if target.hasSuffix(".safetensors") { return try ModelDescription(safetensors: target) }
        if target.hasSuffix(".h5") { return try ModelDescription(checkpoint: target) }
        return try ModelDescription(
            folder: try ModelLocator.current().folder(named: target).path
        )
    }
}
