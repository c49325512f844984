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
            side by side, by the kernel that training uses and by BLAS in turn. The faster one is \
            the ceiling. \(InstructionSet.variable)=x86-64-v3 or =baseline makes products use fewer \
            instructions than the processor has.
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
    @OptionGroup var shape: ShapeOption
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let ignored = training.names + sampling.names + batch.names
        let shape = self.shape.shape.map { _ in ["--shape"] } ?? []
        Bench.noteIgnored(ignored + shape, by: "gemm", global)
        try ToolError.require("--steps", steps, in: 1...100_000)
        let threads = try global.threadCount()
        let rounds = ProductBenchmark(parallel: ParallelFor(threadCount: threads)).rounds(steps)
        try global.result.write(json(rounds, threads), text: lines(rounds, threads))
    }

    private func json(_ speeds: ProductBenchmark.Speeds, _ threads: Int) -> JSONValue {
        [
            "gemm_gflops": .number(speeds.ceiling / 1e9),
            "own_gflops": .number(Median.of(speeds.own) / 1e9),
            "blas_gflops": .number(Median.of(speeds.blas) / 1e9),
            "threads": .integer(threads),
            "blas_core": .string(MatrixMultiply.coreName),
            "blas_core_is_old": .bool(MatrixMultiply.coreIsOlderThanProcessor),
            "instruction_set": .string(InstructionSet.name),
        ]
    }

    private func lines(_ speeds: ProductBenchmark.Speeds, _ threads: Int) -> [String] {
        let (own, blas) = (Median.of(speeds.own) / 1e9, Median.of(speeds.blas) / 1e9)
        let core = MatrixMultiply.coreName
        let lines = [
            "\(ConsoleText.rate(speeds.ceiling / 1e9)) GFLOP/s on \(threads) threads",
            "own kernel (\(InstructionSet.name)) \(ConsoleText.rate(own)), "
                + "BLAS (core \(core)) \(ConsoleText.rate(blas))",
        ]
        guard MatrixMultiply.coreIsOlderThanProcessor else { return lines }
        return lines + [
            "OpenBLAS runs with its kernels for \(core), older than this processor "
                + "(\(InstructionSet.processor.rawValue)). Products in double precision are slower "
                + "for it; training steps are not."
        ]
    }
}
