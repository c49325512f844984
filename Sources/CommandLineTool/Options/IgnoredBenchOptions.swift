import ArgumentParser

/// The options of `bench` that say what is trained, where nothing is: accepted, so that one command
/// line serves all measurements, and said to be ignored.
struct IgnoredTrainingOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: .hidden) var sequenceLength: Int?
    @Option(parsing: .unconditional, help: .hidden) var clipping: String?
    @Option(parsing: .unconditional, help: .hidden) var loraRank: Int?
    @Option(parsing: .unconditional, help: .hidden) var microBatchSize: Int?

    var names: [String] {
        [
            sequenceLength.map { _ in "--sequence-length" }, clipping.map { _ in "--clipping" },
            loraRank.map { _ in "--lora-rank" }, microBatchSize.map { _ in "--micro-batch-size" },
        ].compactMap(\.self)
    }
}

/// The same for the options that say what is sampled.
struct IgnoredSamplingOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: .hidden) var promptTokens: Int?
    @Option(parsing: .unconditional, help: .hidden) var maxNewTokens: Int?

    var names: [String] {
        [promptTokens.map { _ in "--prompt-tokens" }, maxNewTokens.map { _ in "--max-new-tokens" }]
            .compactMap(\.self)
    }
}

/// The same for the size of a batch.
struct IgnoredBatchOption: ParsableArguments {
    @Option(parsing: .unconditional, help: .hidden) var batchSize: Int?

    var names: [String] { batchSize.map { _ in ["--batch-size"] } ?? [] }
}
