import ArgumentParser
import Foundation
import PrivateTraining

/// The options of `finetune` that say how noise is made and what it is spent on.
struct MechanismOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Clip each gradient to this norm; \(RecipeHelp.maxGradNorm).",
            valueName: "c"
        )
    )
    var maxGradNorm: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Use this sigma instead of solving it.", valueName: "s")
    )
    var noiseMultiplier: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Release noisy label counts for this part of epsilon.", valueName: "e1")
    )
    var releaseLabelCounts: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Train a private classifier of the labels for this part of epsilon; inf if that is.",
            valueName: "e1"
        )
    )
    var labelEpsilon: Double?

    @Flag(help: "Sample the noise exactly, from a discrete Gaussian; slower.")
    var exactNoise = false

    @Flag(help: "Write losses and norms to diagnostics.private.jsonl; not private.")
    var privateDiagnostics = false

    func apply(to request: inout FineTuningRequest) {
        request.maxGradNorm = maxGradNorm
        request.noiseMultiplier = noiseMultiplier
        request.labelCountsEpsilon = releaseLabelCounts
        request.labelEpsilon = labelEpsilon
        request.usesExactNoise = exactNoise
        request.writesDiagnostics = privateDiagnostics
    }
}

/// The options of `finetune` that only the result depends on.
struct FinetuneTrainingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Model to start from.", valueName: "dir"), completion: .directory)
    var model: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Passes over the corpus; \(RecipeHelp.epochs).", valueName: "e")
    )
    var epochs: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Expected batch size; \(RecipeHelp.batchSize).", valueName: "b")
    )
    var batchSize: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Peak learning rate; \(RecipeHelp.learningRate).", valueName: "lr")
    )
    var learningRate: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Longest training sequence, in tokens; 64 by default.", valueName: "t")
    )
    var sequenceLength: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Train adapters of this rank instead of all weights.", valueName: "r")
    )
    var loraRank: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Units processed at a time; speed only.", valueName: "m")
    )
    var microBatchSize: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Minutes between checkpoints.", valueName: "m")
    )
    var checkpointEvery = 10.0

    func apply(to request: inout FineTuningRequest) {
        request.epochs = epochs
        request.batchSize = batchSize
        request.learningRate = learningRate
        request.sequenceLength = sequenceLength
        request.microBatchSize = microBatchSize
        request.loraRank = loraRank
        request.checkpointMinutes = checkpointEvery
    }
}

/// What the recipe says of each setting, for help.
enum RecipeHelp {
    private static let quiet = Recipe(unitCount: 40_000, epsilon: 8)
    private static let loud = Recipe(unitCount: 5_000, epsilon: 1)
    private static let unlimited = Recipe(unitCount: 40_000, epsilon: .infinity)

    static let epochs =
        String(format: "%g by default, %g for epsilon inf", quiet.epochs, unlimited.epochs)
    static let batchSize =
        "1/\(40_000 / quiet.batchSize) of the corpus by default, \(unlimited.batchSize) for epsilon inf"
    static let learningRate = String(
        format: "%g by default for large corpora and epsilons, %g for others, twice that with"
            + " --lora-rank, %g for epsilon inf",
        quiet.learningRate,
        loud.learningRate,
        unlimited.learningRate
    )
    static let maxGradNorm = String(format: "%g by default", quiet.maxGradNorm)
}
