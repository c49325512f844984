import ArgumentParser
import Foundation
import Kernels
import LanguageModel
import PrivateTraining
import Training

extension TrainingBenchmark.Clipping: ExpressibleByArgument {}

/// `dpscribe bench train`.
struct BenchTrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Measure whole training steps: forward, backward, clipping, noise, AdamW.",
        discussion: """
            Example: dpscribe bench train --config gpt2 --sequence-length 64 --batch-size 32

            --config is tiny, mini, small, gpt2 or a config.json; mini by default.
            """
    )

    @Option(parsing: .unconditional, help: ArgumentHelp("Tokens of each example.", valueName: "t"))
    var sequenceLength = 64

    @Option(parsing: .unconditional, help: ArgumentHelp("Examples of each step.", valueName: "b"))
    var batchSize = 32

    @Option(help: ArgumentHelp("ghost: norms, clipping and noise; none: plain training."))
    var clipping = TrainingBenchmark.Clipping.ghost

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Train adapters of this rank only.", valueName: "r")
    )
    var loraRank: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Steps to measure, after two of warm-up.", valueName: "k")
    )
    var steps = 5

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Examples processed at a time; chosen by itself.", valueName: "m")
    )
    var microBatchSize: Int?

    @OptionGroup var sampling: IgnoredSamplingOptions
    @OptionGroup var shape: ShapeOption
    @OptionGroup var global: GlobalOptions

    func run() throws {
        Bench.noteIgnored(sampling.names, by: "train", global)
        let shape = self.shape.shape ?? Bench.defaultShape
        let model = try ModelShape.configuration(named: shape)
        try ToolError.require("--sequence-length", sequenceLength, in: 2...model.contextLength)
        try ToolError.require("--batch-size", batchSize, in: 1...1_000_000)
        try ToolError.require("--lora-rank", loraRank, in: 1...model.width)
        try ToolError.require("--steps", steps, in: 1...100_000)
        try ToolError.require("--micro-batch-size", microBatchSize, in: 1...1_000_000)
        var benchmark = TrainingBenchmark(model, threads: try global.threadCount())
        benchmark.sequenceLength = sequenceLength
        benchmark.batchSize = batchSize
        benchmark.clipping = clipping
        benchmark.adapterRank = loraRank
        benchmark.steps = steps
        benchmark.microBatchSize = microBatchSize
        let result = try benchmark.run()
        try global.result.write(
            json(result, shape, threads: benchmark.threads),
            text: lines(result, shape)
        )
    }

    private func json(
        _ result: TrainingBenchmark.Result,
        _ shape: String,
        threads: Int
    ) -> JSONValue {
        [
            "tokens_per_second": .number(tokensPerSecond(result)),
            "examples_per_second": .number(Double(batchSize) / result.stepSeconds),
            "step_seconds": .number(result.stepSeconds),
            "peak_rss_bytes": .integer(result.peakBytes),
            "gemm_gflops": .number(result.products.ceiling / 1e9),
            "model_gflops": .number(modelSpeed(result)),
            "threads": .integer(threads),
            "blas_core": .string(MatrixMultiply.coreName),
            "instruction_set": .string(InstructionSet.name),
            "config": .string(shape),
        ]
    }

    private func lines(_ result: TrainingBenchmark.Result, _ shape: String) -> [String] {
        let share = 100 * modelSpeed(result) / (result.products.ceiling / 1e9)
        return [
            "\(ConsoleText.rate(tokensPerSecond(result))) tokens/s, \(shape), "
                + String(format: "%.3f s a step", result.stepSeconds),
            String(
                format: "%.0f GFLOP/s counted, %.0f %% of matrix products alone",
                modelSpeed(result),
                share
            ),
            Bench.peakLine(result.peakBytes),
        ]
    }

    private func tokensPerSecond(_ result: TrainingBenchmark.Result) -> Double {
        Double(batchSize * sequenceLength) / result.stepSeconds
    }

    private func modelSpeed(_ result: TrainingBenchmark.Result) -> Double {
        result.operations / result.stepSeconds / 1e9
    }
}
