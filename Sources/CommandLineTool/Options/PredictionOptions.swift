import ArgumentParser
import Corpus
import Foundation
import Kernels
import LanguageModel
import Messages
import PrivateEvolution
package import PrivatePrediction
import Training

extension PredictionRule: ExpressibleByArgument {}

/// The options of `fewshot` that say what is written and by which model.
struct PredictionOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("Texts to write.", valueName: "n"))
    var count: Int

    @Option(help: ArgumentHelp("How tokens are chosen.", valueName: "rule"))
    var rule: PredictionRule = .clippedDifference

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Private prompts of a token; for clipped-difference the records of a text. 8 and 10 by"
                + " default.",
            valueName: "p"
        )
    )
    var prompts: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Records in one prompt, for gaussian and noisy-max; 2 by default.",
            valueName: "m"
        )
    )
    var recordsPerPrompt: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Tokens that the public prompt, without records, lets in.",
            valueName: "k"
        )
    )
    var publicTopK = 100

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Tokens of a text at most; each text pays for all of them.",
            valueName: "n"
        )
    )
    var maxNewTokens = 64

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Sampling temperature of clipped-difference.", valueName: "t")
    )
    var temperature = 1.0

    @Option(
        help: ArgumentHelp(
            "Weight of each label value; without it, a noisy count inside the budget, or as many"
                + " texts of each for gaussian and noisy-max.",
            valueName: "file"
        ),
        completion: .file()
    )
    var labelDistribution: String?

    @Option(
        help: ArgumentHelp(
            "File with a public text that comes first in every prompt.",
            valueName: "file"
        ),
        completion: .file()
    )
    var instruction: String?

    @Option(
        help: ArgumentHelp("Public model; the bundled one by default.", valueName: "dir"),
        completion: .directory
    )
    var model: String?

    /// The settings for these classes, checked.
    func settings(_ classes: TextClasses) throws -> PredictionSettings {
        let settings = PredictionSettings(
            rule: rule,
            count: count,
            recordsPerPrompt: recordsPerPrompt ?? (rule.samplesEachToken ? 2 : 1),
            prompts: prompts ?? (rule.samplesEachToken ? 10 : 8),
            publicTopK: publicTopK,
            maximumNewTokens: maxNewTokens,
            temperature: temperature,
            classCount: classes.count,
            classWeights: try classes.weights(labelDistribution)
        )
        try settings.validate()
        return settings
    }

    /// What comes first in every prompt.
    func instructionText() throws -> String {
        guard let instruction else { return "" }
        guard let data = FileManager.default.contents(atPath: instruction) else {
            throw ToolError.missingInput("\(instruction): no such file")
        }
        return String(decoding: data, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The public model.
    func openedModel(_ parallel: ParallelFor) throws -> PredictionModel {
        let folder = try ModelLocator.current().folder(named: model).path
        try PublicBase.require(folder, as: .model)
        let opened = try OpenedModel(folder: folder)
        let context = opened.parameters.configuration.contextLength
        guard maxNewTokens < context else {
            throw ToolError.badConfiguration(
                "--max-new-tokens is \(maxNewTokens); the model's context of \(context) leaves no"
                    + " room for a prompt"
            )
        }
        return PredictionModel(
            opened.parameters,
            tokenizer: opened.tokenizer,
            digest: opened.digest(parallel)
        )
    }
}

extension TextClasses {
    /// The weight of each class by a file of label values; nil without one.
    ///
    /// - Throws: `ToolError.usage` without label columns; what reading the file throws.
    func weights(_ labelDistribution: String?) throws -> [Double]? {
        guard let labelDistribution else { return nil }
        guard let labelSet else {
            throw ToolError.usage("--label-distribution needs --label-columns")
        }
        let mixture = try LabelMixture(file: labelDistribution, labelSet: labelSet)
        var weights = [Double](repeating: 0, count: count)
        for part in mixture.parts {
            guard let index = index(of: part.labels.map { Array($0.utf8) }) else { continue }
            weights[index] += part.weight
        }
        return weights
    }
}
