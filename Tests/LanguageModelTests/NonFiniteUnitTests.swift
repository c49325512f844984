import Autograd
import Kernels
import LanguageModel
import Testing

@Suite struct NonFiniteUnitTests {
    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func aUnitWithNonFiniteGradientContributesExactlyZero(value: Float) {
        let broken = SmallModels.parameters()
        // A position that only the longest unit reaches, so that the others stay finite.
        guard let entry = broken.layout["wpe.weight"] else { return }
        let width = broken.configuration.width
        broken.values[entry.offset + 10 * width + 3] = value
        let units = Array(SmallModels.units.prefix(3)) + [SmallModels.units[6]]
        let finite = Array(units.prefix(3))
        func sum(_ units: [[TokenBatch.Sequence]], _ factors: [Float]) -> ([Double], [Float]) {
            let pass = DecoderGradientPass(
                parameters: broken,
                parallel: ParallelFor(threadCount: 1)
            )
            let norms = pass.measure([SmallModels.batch(units)]).squaredNorms
            let sum = FloatBuffer(count: broken.layout.count)
            pass.addWeightedSum(factors: factors, into: sum)
            return (norms, sum.values(0..<sum.count))
        }
        let (norms, with) = sum(units, [1, 0.5, 2, 0])
        let (_, without) = sum(finite, [1, 0.5, 2])
        #expect(norms.prefix(3).allSatisfy { $0.isFinite })
        #expect(!norms[3].isFinite)
        #expect(with.allSatisfy { $0.isFinite })
        // Same products with zero rows appended: equal up to the order of additions.
        #expect(SmallModels.difference(with, without.map(Double.init)) < 1e-6)
        let (_, alone) = sum([units[3]], [0])
        #expect(alone.allSatisfy { $0 == 0 })
    }
}
