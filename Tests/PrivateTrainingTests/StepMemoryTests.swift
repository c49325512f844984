import CAllocations
import Kernels
import LanguageModel
import Testing

@testable import PrivateTraining

@Suite("Memory of steps")
struct StepMemoryTests {
    /// Activations, gradients and sums of this model take more than this; noise is drawn in pieces
    /// whose key stream takes less.
    private static let large = 96 << 10

    /// The large allocations of each of `count` equal steps.
    private func allocations(of count: Int, adapterRank: Int?) throws -> [Int] {
        var benchmark = TrainingBenchmark(DecoderConfiguration(.tiny), threads: 1)
        benchmark.batchSize = 8
        benchmark.sequenceLength = 32
        benchmark.microBatchSize = 4
        benchmark.adapterRank = adapterRank
        var found: [Int] = []
        try benchmark.runSteps(count, ParallelFor(threadCount: 1)) {
            allocations_start(Self.large)
        } after: {
            found.append(allocations_stop())
        }
        return found
    }

    @Test("After the first steps none takes memory", arguments: [nil, 4])
    func steadyState(adapterRank: Int?) throws {
        let found = try allocations(of: 5, adapterRank: adapterRank)
        #expect(found[0] > 0, "nothing is counted")
        #expect(found[2...].allSatisfy { $0 == 0 }, "\(found)")
    }
}
