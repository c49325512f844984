import Foundation
import LanguageModel

/// The value of `--config` where it names a model shape: a preset, or a `config.json`.
enum ModelShape {
    /// The shape of a preset or file.
    ///
    /// - Throws: `ToolError.missingInput`, `ToolError.badConfiguration`.
    static func configuration(named name: String) throws -> GPT2Configuration {
        if let preset = GPT2Configuration.Preset(rawValue: name) {
            return GPT2Configuration(preset)
        }
        guard let bytes = FileManager.default.contents(atPath: name) else {
            let presets = GPT2Configuration.Preset.allCases.map(\.rawValue)
            throw ToolError.missingInput(
                "\(name): neither a file nor one of \(presets.joined(separator: ", ")) (--config)"
            )
        }
        do throws(GPT2ConfigurationError) {
            return try GPT2Configuration(huggingFaceJSON: Array(bytes), requiresType: false)
        } catch {
            throw ToolError.badConfiguration(error.problem(in: name) + " Correct it (--config).")
        }
    }
}
