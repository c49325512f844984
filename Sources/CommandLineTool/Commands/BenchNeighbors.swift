import ArgumentParser
import Foundation
import Kernels
import LanguageModel
import PrivateEvolution
import PrivateTraining

/// `dpscribe bench neighbors`.
struct BenchNeighbors: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "neighbors",
        abstract: "Measure one vote of Private Evolution: nearest candidates of all records.",
        discussion: """
            Records and candidates are random vectors: the hard case, as all distances are \
            nearly the same. The default is 100,000 records, 10,000 candidates, 384 dimensions.
            """
    )

    @Option(parsing: .unconditional, help: ArgumentHelp("Records that vote.", valueName: "n"))
    var records = 100_000

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Candidates to vote for.", valueName: "n")
    )
    var candidates = 10_000

    @Option(parsing: .unconditional, help: ArgumentHelp("Length of a vector.", valueName: "d"))
    var dimensions = 384

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Nearest candidates of each record.", valueName: "k")
    )
    var nearest = 1

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Votes to measure; the median counts.", valueName: "k")
    )
    var steps = 3

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try ToolError.require("--records", records, in: 1...10_000_000)
        try ToolError.require("--candidates", candidates, in: 1...1_000_000)
        try ToolError.require("--dimensions", dimensions, in: 1...100_000)
        try ToolError.require("--nearest", nearest, in: 1...candidates)
        try ToolError.require("--steps", steps, in: 1...100_000)
        let parallel = ParallelFor(threadCount: try global.threadCount())
        let queries = Self.vectors(records, dimensions, lane: 0)
        let found = Self.vectors(candidates, dimensions, lane: 1)
        let seconds = Median.of(
            (0..<steps).map { _ in
                Stopwatch.seconds {
                    _ = NearestNeighbors(among: found)
                        .neighbors(of: queries, count: nearest, parallel: parallel)
                }
            }
        )
        let operations = 2 * Double(records) * Double(candidates) * Double(dimensions)
        let speed = operations / seconds / 1e9
        let peak = PeakMemory.bytes
        try global.result.write(
            [
                "seconds": .number(seconds),
                "gflops": .number(speed),
                "peak_rss_bytes": .integer(peak),
                "threads": .integer(parallel.threadCount),
                "blas_core": .string(MatrixMultiply.coreName),
            ],
            text: [
                String(format: "%.2f s, ", seconds) + "\(ConsoleText.rate(speed)) GFLOP/s"
                    + " on \(parallel.threadCount) threads",
                Bench.peakLine(peak),
            ]
        )
    }

    /// Vectors of independent elements in [-1, 1).
    private static func vectors(_ count: Int, _ dimension: Int, lane: UInt64) -> Embeddings {
        var random = BenchmarkRandomness.generator(lane: lane)
        let vectors = Embeddings(count: count, dimension: dimension)
        vectors.values.store(
            (0..<count * dimension).map { _ in Float.random(in: -1..<1, using: &random) },
            at: 0
        )
        return vectors
    }
}
