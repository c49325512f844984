import ArgumentParser
import PrivateTraining

/// The options of `finetune` that say how noise is made and what it is spent on.
struct MechanismOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Clip each gradient to this norm.", valueName: "c")
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
    @Option(help: ArgumentHelp("Model to start from.", valueName: "dir"))
    var model: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Passes over the corpus.", valueName: "e"))
    var epochs: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("Expected batch size.", valueName: "b"))
    var batchSize: Int?

    @Option(parsing: .unconditional, help: ArgumentHelp("Peak learning rate.", valueName: "lr"))
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
