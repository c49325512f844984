import ArgumentParser
import Foundation
import LanguageModel

/// `--shape`, which `--config NAME` is short for.
struct ShapeOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Model shape: tiny, mini, small, gpt2, or a config.json. --config NAME is short for it.",
            valueName: "name|file"
        ),
        completion: .list(DecoderConfiguration.Preset.allCases.map(\.rawValue))
    )
    var shape: String?
}

/// A model shape by its name: a preset, or a `config.json`.
enum ModelShape {
    /// The shape of a preset or file.
    ///
    /// - Throws: `ToolError.missingInput`, `ToolError.badConfiguration`.
    static func configuration(named name: String) throws -> DecoderConfiguration {
        if let preset = DecoderConfiguration.Preset(rawValue: name) {
            return DecoderConfiguration(preset)
        }
        guard let bytes = FileManager.default.contents(atPath: name) else {
            let presets = DecoderConfiguration.Preset.allCases.map(\.rawValue)
            throw ToolError.missingInput(
                "\(name): neither a file nor one of \(presets.joined(separator: ", ")) (--shape, or --config)"
            )
        }
        do throws(DecoderConfigurationError) {
            return try DecoderConfiguration(huggingFaceJSON: Array(bytes), requiresType: false)
        } catch {
            throw ToolError.badConfiguration(
                error.problem(in: name) + " Correct it (--shape, or --config)."
            )
        }
    }
}
