import ArgumentParser
import Checkpoints
import Corpus
import DifferentialPrivacy
import Foundation
import PrivateEvolution
import PrivatePrediction

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
        ),
        completion: .file()
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
        try requireNoOtherFile()
        if let run = try EvolutionPlan.read(from: target, checkedBy: .allRuns) {
            return try ModelDescription(evolution: run, in: target)
        }
        if let run = try PredictionPlan.read(from: target, checkedBy: .allRuns) {
            return try ModelDescription(prediction: run, in: target)
        }
        return try ModelDescription(
            folder: try ModelLocator.current().folder(named: target).path
        )
    }

    /// A file that holds no weights is there all the same.
    ///
    /// - Throws: `ToolError.unusableData`.
    private func requireNoOtherFile() throws {
        let url = URL(filePath: target).resolvingSymlinksInPath()
        let values = try? url.resourceValues(forKeys: [.isRegularFileKey])
        guard values?.isRegularFile == true else { return }
        let isData = (try? CorpusFormat(path: target)) != nil
        throw ToolError.unusableData(
            "\(target) is a file, but no .safetensors or .h5 file of weights"
                + (isData ? "; dpscribe lint --data \(target) looks into records" : "")
        )
    }
}
