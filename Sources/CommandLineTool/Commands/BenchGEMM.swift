import ArgumentParser
import Kernels
import PrivateTraining

/// `dpscribe bench gemm`.
struct BenchGEMM: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gemm",
        abstract: "Measure matrix products alone, the ceiling of a training step.",
        discussion: """
            One single-threaded product 1024 x 768 x 3072 in single precision on every thread, \
            side by side.
            """
    )

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Rounds of four products; the median counts.", valueName: "k")
    )
    var steps = 20

    @OptionGroup var training: IgnoredTrainingOptions
    @OptionGroup var sampling: IgnoredSamplingOptions
    @OptionGroup var batch: IgnoredBatchOption
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let ignored = training.names + sampling.names + batch.names
        let shape = global.config.map { _ in ["--config"] } ?? []
        Bench.noteIgnored(ignored + shape, by: "gemm", global)
        try ToolError.require("--steps", steps, in: 1...100_000)
        let threads = try global.threadCount()
        let rounds = ProductBenchmark(parallel: ParallelFor(threadCount: threads)).rounds(steps)
        let speed = Median.of(rounds) / 1e9
        let core = MatrixMultiply.coreName
        try global.result.write(
            [
                "gemm_gflops": .number(speed),
                "threads": .integer(threads),
                "blas_core": .string(core),
            ],
            text: ["\(ConsoleText.rate(speed)) GFLOP/s on \(threads) threads, BLAS core \(core)"]
        )
    }
}
