import Autograd
import Glibc
import Kernels
import LanguageModel
import TestData
import Testing

/// What a unit contributes has the same bits alone, with others, at another place and in another
/// micro-batch: a unit is clipped by what was measured of it in its own company.
///
/// Each instruction set has a process of its own, as a process chooses its set once.
@Suite struct RegroupingTests {
    private static let fault = "DPSCRIBE_PLANT_ROW_ORDER"
    /// Of adapters: narrower than any panel, and wider.
    private static let ranks = [3, 17]

    /// The numbers of the units of each micro-batch, in order; each has unit 0.
    private static let groupings = [
        [[0, 1]], [[1, 0]], [[4, 3, 2, 1, 0]], [[0, 2, 4]], [[2, 3], [1, 0, 4]], [[1], [4, 0]],
    ]

    /// Records of several lengths; rows stay below one part of the inner dimension, beyond which the
    /// sum over all rows of a micro-batch, but not what is added, depends on where a unit lies.
    private static func units() -> [[TokenBatch.Sequence]] {
        var generator = SeededGenerator(seed: 8)
        return [24, 40, 3, 33, 17].map { length in
            let tokens = (0..<length).map { _ in Int32.random(in: 0..<50, using: &generator) }
            return [TokenBatch.Sequence(tokens: tokens)]
        }
    }

    private struct Contribution: Equatable {
        let loss: Double
        let squaredNorm: Double
        let gradient: [Float]
    }

    private static func contribution(
        of unit: Int,
        in grouping: [[Int]],
        _ pass: DecoderGradientPass,
        count: Int
    ) -> Contribution {
        let units = units()
        let places = grouping.flatMap { $0 }
        let shards = grouping.map { numbers in SmallModels.batch(numbers.map { units[$0] }) }
        let measured = pass.measure(shards)
        let sum = FloatBuffer(count: count)
        pass.addWeightedSum(factors: places.map { $0 == unit ? 0.37 : 0 }, into: sum)
        let place = places.firstIndex(of: unit) ?? 0
        return Contribution(
            loss: measured.losses[place],
            squaredNorm: measured.squaredNorms[place],
            gradient: sum.values(0..<count)
        )
    }

    private static func adapters(
        of parameters: DecoderParameters,
        rank: Int,
        times factor: Float
    ) -> DecoderAdapters {
        var generator = SeededGenerator(seed: 9)
        let adapters = DecoderAdapters(zeros: parameters.configuration, rank: rank)
        for index in 0..<adapters.layout.count {
            adapters.values[index] = factor * Float.random(in: -0.1...0.1, using: &generator)
        }
        return adapters
    }

    /// The groupings in which a unit contributes something else than alone.
    private static func differences(adapters: DecoderAdapters?, _ parameters: DecoderParameters)
        -> [String]
    {
        let pass = DecoderGradientPass(
            parameters: parameters,
            adapters: adapters,
            parallel: ParallelFor(threadCount: 1)
        )
        let count = adapters?.layout.count ?? parameters.layout.count
        let alone = contribution(of: 0, in: [[0]], pass, count: count)
        guard alone.squaredNorm > 0, alone.gradient.contains(where: { $0 != 0 }) else {
            return ["no gradient"]
        }
        return groupings.filter { contribution(of: 0, in: $0, pass, count: count) != alone }
            .map { "\(adapters.map { "rank \($0.rank)" } ?? "all parameters"): \($0)" }
    }

    /// Of all parameters, and of adapters of ordinary size, ten and a hundred times as large.
    private static func differences() -> [String] {
        let parameters = SmallModels.parameters(vocabulary: 50, context: 40, width: 20, heads: 2)
        return differences(adapters: nil, parameters)
            + ranks.flatMap { rank in
                [1, 10, 100].flatMap { factor in
                    differences(
                        adapters: adapters(of: parameters, rank: rank, times: factor),
                        parameters
                    )
                }
            }
    }

    @Test(arguments: InstructionSet.available)
    func aUnitContributesTheSameBitsInAnyCompany(set: InstructionSet) async {
        await #expect(processExitsWith: .success) { [name = set.rawValue as String] in
            unsafe setenv(InstructionSet.variable, name, 1)
            #expect(InstructionSet.ofProducts.rawValue == name)
            #expect(Self.differences() == [])
        }
    }

    /// The test's own test, with products in whose sums an odd number of rows changes the order.
    @Test(arguments: InstructionSet.available)
    func sumsWhoseOrderDependsOnTheRowsAreFound(set: InstructionSet) async {
        await #expect(processExitsWith: .success) { [name = set.rawValue as String] in
            unsafe setenv(InstructionSet.variable, name, 1)
            unsafe setenv(Self.fault, "1", 1)
            #expect(Self.differences().count > 6)
        }
    }
}
