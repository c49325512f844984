import Autograd
import Kernels
import LanguageModel
import Testing

@Suite struct DecoderGradientTests {
    private let parameters = SmallModels.parameters()
    private var reference: ReferenceDecoder { ReferenceDecoder(parameters) }

    private func pass(threads: Int = 1) -> DecoderGradientPass {
        DecoderGradientPass(parameters: parameters, parallel: ParallelFor(threadCount: threads))
    }

    private func sum(
        _ shards: [TokenBatch],
        factors: [Float],
        threads: Int = 1
    ) -> [Float] {
        let pass = pass(threads: threads)
        _ = pass.measure(shards)
        let sum = FloatBuffer(count: parameters.layout.count)
        pass.addWeightedSum(factors: factors, into: sum)
        return sum.values(0..<sum.count)
    }

    @Test func referenceGradientAgreesWithFiniteDifferences() {
        let unit = SmallModels.units[3]
        let errors = reference.gradientErrors(unit, every: 41)
        for error in errors { #expect(error < 1e-8) }
    }

    @Test func logitsAgreeWithTheReference() {
        let tokens: [Int32] = [3, 1, 4, 1, 5, 9, 2, 6]
        let batch = SmallModels.batch([[TokenBatch.Sequence(tokens: tokens + [0])]])
        let expected = reference.logits(tokens).flatMap { $0 }
        // Single precision over a few hundred operations.
        #expect(SmallModels.difference(pass().logits(batch), expected) < 1e-5)
    }

    @Test func lossesAgreeWithTheReference() {
        let expected = SmallModels.units.map { reference.lossAndGradient($0).loss }
        let batch = SmallModels.batch(SmallModels.units)
        for losses in [pass().measure([batch]).losses, pass().losses([batch])] {
            for (loss, value) in zip(losses, expected) { #expect(abs(loss - value) < 1e-5) }
        }
    }

    @Test(arguments: SmallModels.units.indices)
    func normAndGradientOfEachUnitAgreeWithTheReference(unit: Int) {
        let expected = reference.lossAndGradient(SmallModels.units[unit]).gradient
        let norm = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let batch = SmallModels.batch(SmallModels.units)
        let measured = pass().measure([batch]).squaredNorms[unit].squareRoot()
        #expect(abs(measured - norm) <= 1e-5 * norm)
        var factors = [Float](repeating: 0, count: SmallModels.units.count)
        factors[unit] = 1
        // Also: the gradient does not depend on the unit's batch mates.
        #expect(SmallModels.difference(sum([batch], factors: factors), expected) < 1e-5)
        let alone = SmallModels.batch([SmallModels.units[unit]])
        #expect(SmallModels.difference(sum([alone], factors: [1]), expected) < 1e-5)
    }

    /// Longer than the records whose probabilities are kept, and than a block of queries.
    @Test(arguments: [66, 131])
    func longRecordsAgreeWithTheReference(count: Int) {
        let parameters = SmallModels.parameters(context: 140, width: 4, layers: 1)
        let tokens = (0..<count).map { Int32($0 * $0 % 13) }
        let unit = [TokenBatch.Sequence(tokens: tokens)]
        let expected = ReferenceDecoder(parameters).lossAndGradient(unit)
        let pass = DecoderGradientPass(
            parameters: parameters,
            parallel: ParallelFor(threadCount: 1)
        )
        let measured = pass.measure([SmallModels.batch([unit])])
        #expect(abs(measured.losses[0] - expected.loss) < 1e-5)
        let norm = expected.gradient.reduce(0) { $0 + $1 * $1 }
        #expect(abs(measured.squaredNorms[0] - norm) <= 2e-5 * norm)
        let sum = FloatBuffer(count: parameters.layout.count)
        pass.addWeightedSum(factors: [1], into: sum)
        #expect(SmallModels.difference(sum.values(0..<sum.count), expected.gradient) < 1e-5)
    }

    @Test(arguments: ["wte.weight", "wpe.weight", "h.0.attn.c_attn.weight", "h.1.mlp.c_proj.bias"])
    func normOfEachParameterAgreesWithTheReference(name: String) throws {
        let pass = DecoderGradientPass(
            parameters: parameters,
            trainable: .named([name]),
            parallel: ParallelFor(threadCount: 1)
        )
        let norm = pass.measure([SmallModels.batch([SmallModels.units[3]])]).squaredNorms[0]
        let entry = try #require(parameters.layout[name])
        let gradient = reference.lossAndGradient(SmallModels.units[3]).gradient[entry.range]
        let expected = gradient.reduce(0) { $0 + $1 * $1 }
        #expect(abs(norm - expected) < 1e-5 * expected)
    }

    @Test func weightedSumIsLinearInTheFactors() {
        let factors: [Float] = [0.5, 0, 2, 0.25, 1, 3, 0.125]
        var expected = [Double](repeating: 0, count: parameters.layout.count)
        for (unit, factor) in zip(SmallModels.units, factors) {
            for (index, value) in reference.lossAndGradient(unit).gradient.enumerated() {
                expected[index] += Double(factor) * value
            }
        }
        let whole = sum([SmallModels.batch(SmallModels.units)], factors: factors)
        #expect(SmallModels.difference(whole, expected) < 1e-5)
        let shards = [0..<2, 2..<3, 3..<7].map { SmallModels.batch(Array(SmallModels.units[$0])) }
        #expect(SmallModels.difference(sum(shards, factors: factors), expected) < 1e-5)
    }

    @Test func sumsAreBitIdenticalForAnyThreadCount() {
        let shards = SmallModels.units.map { SmallModels.batch([$0]) }
        let factors: [Float] = [0.5, 0.1, 2, 0.25, 1, 3, 0.125]
        let one = sum(shards, factors: factors)
        for threads in [2, 3, 8] { #expect(sum(shards, factors: factors, threads: threads) == one) }
        let norms = pass().measure(shards).squaredNorms
        #expect(pass(threads: 3).measure(shards).squaredNorms == norms)
    }

    @Test func aPassCanBeRepeatedOnTheSameMemory() {
        let pass = pass(threads: 2)
        let shards = SmallModels.units.map { SmallModels.batch([$0]) }
        let first = pass.measure(shards)
        pass.addWeightedSum(
            factors: [0, 1, 2, 3, 4, 5, 6],
            into: FloatBuffer(count: parameters.layout.count)
        )
        _ = pass.measure([SmallModels.batch(SmallModels.units)])
        let second = pass.measure(shards)
        #expect(first.squaredNorms == second.squaredNorms && first.losses == second.losses)
    }

    @Test func frozenParametersGetNoGradient() {
        let trained: Set<String> = ["h.1.mlp.c_fc.weight", "ln_f.bias"]
        let pass = DecoderGradientPass(
            parameters: parameters,
            trainable: .named(trained),
            parallel: ParallelFor(threadCount: 1)
        )
        let unit = SmallModels.units[0]
        let norm = pass.measure([SmallModels.batch([unit])]).squaredNorms[0]
        let sum = FloatBuffer(count: parameters.layout.count)
        pass.addWeightedSum(factors: [1], into: sum)
        let gradient = reference.lossAndGradient(unit).gradient
        var expected = 0.0
        for entry in parameters.layout.entries {
            let values = sum.values(entry.range)
            if trained.contains(entry.name) {
                #expect(SmallModels.difference(values, Array(gradient[entry.range])) < 1e-5)
                expected += gradient[entry.range].reduce(0) { $0 + $1 * $1 }
            } else {
                #expect(values.allSatisfy { $0 == 0 })
            }
        }
        #expect(abs(norm - expected) < 1e-5 * expected)
    }
}
