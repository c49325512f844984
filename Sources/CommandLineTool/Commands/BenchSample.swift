import ArgumentParser
import DifferentialPrivacy
import Foundation
import Kernels
import LanguageModel
import PrivateTraining

/// `dpscribe bench sample`.
struct BenchSample: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Measure batched generation from random prompts, top-k 50.",
        discussion: """
            Example: dpscribe bench sample --config gpt2 --batch-size 64

            Counted are new tokens only; time includes the prompts. --config is tiny, mini, small, \
            gpt2 or a config.json; mini by default.
            """
    )

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Texts generated at a time.", valueName: "b")
    )
    var batchSize = 64

    @Option(parsing: .unconditional, help: ArgumentHelp("Tokens of each prompt.", valueName: "n"))
    var promptTokens = 16

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Tokens drawn for each text.", valueName: "n")
    )
    var maxNewTokens = 128

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Batches to measure, after one of warm-up.", valueName: "k")
    )
    var steps = 3

    @OptionGroup var training: IgnoredTrainingOptions
    @OptionGroup var shape: ShapeOption
    @OptionGroup var global: GlobalOptions

    func run() throws {
        Bench.noteIgnored(training.names, by: "sample", global)
        let shape = self.shape.shape ?? Bench.defaultShape
        let model = try ModelShape.configuration(named: shape)
        try ToolError.require("--batch-size", batchSize, in: 1...100_000)
        try ToolError.require("--steps", steps, in: 1...100_000)
        try ToolError.require("--prompt-tokens", promptTokens, in: 1...model.contextLength)
        let room = model.contextLength - promptTokens + 1
        try ToolError.require("--max-new-tokens", maxNewTokens, in: 1...room)
        let speed = try tokensPerSecond(model)
        let peak = PeakMemory.bytes
        try global.result.write(
            [
                "tokens_per_second": .number(speed),
                "batch": .integer(batchSize),
                "peak_rss_bytes": .integer(peak),
            ],
            text: [
                "\(ConsoleText.rate(speed)) tokens/s, \(shape), batch \(batchSize)",
                Bench.peakLine(peak),
            ]
        )
    }

    private func tokensPerSecond(_ model: DecoderConfiguration) throws -> Double {
        var random = BenchmarkRandomness.generator()
        let generator = TextGenerator(
            DecoderParameters(initializing: model, using: &random),
            batchSize: batchSize,
            parallel: ParallelFor(threadCount: try global.threadCount())
        )
        let prompts = (0..<batchSize).map { _ in
            (0..<promptTokens).map { _ in
                Int32.random(in: 0..<Int32(model.vocabularySize), using: &random)
            }
        }
        // No token ends a text, so that all have the same length.
        let options = SamplingOptions(
            topP: 1,
            maximumNewTokens: maxNewTokens,
            endOfText: nil
        )
        let seconds = try (0...steps).map { _ in
            try Stopwatch.seconds {
                _ = try generator.generate(prompts, options) {
                    BenchmarkRandomness.generator(lane: UInt64($0 + 1))
                }
            }
        }
        return Double(batchSize * maxNewTokens) / Median.of(Array(seconds.dropFirst()))
    }
}
