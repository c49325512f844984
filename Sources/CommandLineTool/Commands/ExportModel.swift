import ArgumentParser
import Checkpoints
import Corpus
import Foundation

/// How `export` stores weights.
enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
    case safetensors, hdf5
}

/// `dpscribe export`.
struct ExportModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the weights of a model or run for other tools.",
        discussion: """
            Example: dpscribe export --model checkpoints/mail --format safetensors --out mail

            README.md in the folder is the model card: it says how to ask the model.
            """
    )

    @Option(
        help: ArgumentHelp("Model or run; the bundled one by default.", valueName: "dir"),
        completion: .directory
    )
    var model: String?

    @Option(help: ArgumentHelp("safetensors or hdf5.", valueName: "format"))
    var format: ExportFormat = .safetensors

    @Option(help: ArgumentHelp("The new model folder.", valueName: "dir"), completion: .directory)
    var out: String

    @Flag(help: "Store 16-bit numbers: half the size; safetensors only.")
    var halfPrecision = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let source = try ModelLocator.current().folder(named: model)
        let copied = try ModelCopy(from: source.path)
            .write(to: out, as: try storage(), withCard: true)
        try global.result.write(copied.json, text: copied.lines)
    }

    private func storage() throws -> ModelFolder.Format {
        switch (format, halfPrecision) {
        case (.safetensors, false): return .safetensors
        case (.safetensors, true): return .halfPrecisionSafetensors
        case (.hdf5, false): return .hdf5
        case (.hdf5, true):
            throw ToolError.usage("--half-precision is for --format safetensors only")
        }
    }
}
