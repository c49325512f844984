import Autograd
import Kernels
import LanguageModel
import TestData
import Testing

/// Adapters against the Double model with the adapters merged, by the chain rule.
///
///     W' = W + s·A·B:  ∂A = s·∂W'·Bᵀ,  ∂B = s·Aᵀ·∂W'
@Suite struct DecoderAdapterTests {
    private static let scale = 2.0
    private let parameters = SmallModels.parameters()
    private let adapters: DecoderAdapters

    init() {
        var generator = SeededGenerator(seed: 9)
        adapters = DecoderAdapters(zeros: parameters.configuration, rank: 3)
        // B too: a gradient of A only shows where B is not zero.
        for index in 0..<adapters.layout.count {
            adapters.values[index] = Float.random(in: -0.3...0.3, using: &generator)
        }
    }

    private func pass(threads: Int = 1, trainable: TrainableSelection = .all) -> DecoderGradientPass
    {
        DecoderGradientPass(
            parameters: parameters,
            adapters: adapters,
            trainable: trainable,
            parallel: ParallelFor(threadCount: threads)
        )
    }

    private func sum(_ shards: [TokenBatch], factors: [Float], threads: Int = 1) -> [Float] {
        let pass = pass(threads: threads)
        _ = pass.measure(shards)
        let sum = FloatBuffer(count: adapters.layout.count)
        pass.addWeightedSum(factors: factors, into: sum)
        return sum.values(0..<sum.count)
    }

    /// Each adapted weight with its A and B.
    private var layers:
        [(weight: ParameterLayout.Entry, down: ParameterLayout.Entry, up: ParameterLayout.Entry)]
    {
        stride(from: 0, to: adapters.layout.entries.count, by: 2).compactMap { index in
            let (down, up) = (adapters.layout.entries[index], adapters.layout.entries[index + 1])
            let name = down.name.replacing(".lora_A", with: ".weight")
            return parameters.layout[name].map { ($0, down, up) }
        }
    }

    private func value(_ entry: ParameterLayout.Entry, _ row: Int, _ column: Int) -> Double {
        Double(adapters.values[entry.offset + row * entry.shape[1] + column])
    }

    private var mergedReference: ReferenceDecoder {
        let base = ReferenceDecoder(parameters)
        var values = base.values
        for (weight, down, up) in layers {
            for row in 0..<weight.shape[0] {
                for column in 0..<weight.shape[1] {
                    values[weight.offset + row * weight.shape[1] + column] +=
                        (0..<3).reduce(0) {
                            $0 + Self.scale * value(down, row, $1) * value(up, $1, column)
                        }
                }
            }
        }
        return ReferenceDecoder(base, values: values)
    }

    private func expectedGradient(_ unit: [TokenBatch.Sequence]) -> [Double] {
        let full = mergedReference.lossAndGradient(unit).gradient
        var gradient = [Double](repeating: 0, count: adapters.layout.count)
        for (weight, down, up) in layers {
            for row in 0..<weight.shape[0] {
                for column in 0..<weight.shape[1] {
                    let change =
                        Self.scale * full[weight.offset + row * weight.shape[1] + column]
                    for k in 0..<3 {
                        gradient[down.offset + row * 3 + k] += change * value(up, k, column)
                        gradient[up.offset + k * weight.shape[1] + column] +=
                            change * value(down, row, k)
                    }
                }
            }
        }
        return gradient
    }

    @Test func everyLinearLayerHasAnAdapterAndNothingElse() {
        #expect(layers.count == 4 * parameters.configuration.layerCount)
        #expect(adapters.layout.entries.count == 2 * layers.count)
        for (weight, down, up) in layers {
            #expect(weight.name.contains(".c_"))
            #expect(down.shape == [weight.shape[0], 3] && up.shape == [3, weight.shape[1]])
        }
    }

    @Test func adaptersStartAsNoChange() {
        var generator = SeededGenerator(seed: 4)
        let fresh = DecoderAdapters(
            initializing: parameters.configuration,
            rank: 2,
            using: &generator
        )
        let batch = SmallModels.batch([SmallModels.units[0]])
        let serial = ParallelFor(threadCount: 1)
        let plain = DecoderGradientPass(parameters: parameters, parallel: serial)
        let adapted = DecoderGradientPass(parameters: parameters, adapters: fresh, parallel: serial)
        #expect(plain.logits(batch) == adapted.logits(batch))
        for entry in fresh.layout.entries {
            let values = fresh.values.values(entry.range)
            #expect(values.allSatisfy { $0 == 0 } == entry.name.hasSuffix("lora_B"))
        }
    }

    @Test func logitsAndLossesAgreeWithMergedWeights() {
        let reference = mergedReference
        let tokens: [Int32] = [3, 1, 4, 1, 5, 9, 2, 6]
        let batch = SmallModels.batch([[TokenBatch.Sequence(tokens: tokens + [0])]])
        let expected = reference.logits(tokens).flatMap { $0 }
        // Single precision over a few hundred operations.
        #expect(SmallModels.difference(pass().logits(batch), expected) < 1e-5)
        let merged = DecoderGradientPass(
            parameters: adapters.merged(into: parameters),
            parallel: ParallelFor(threadCount: 1)
        )
        #expect(SmallModels.difference(merged.logits(batch), expected) < 1e-5)
        let loss = pass().measure([SmallModels.batch(SmallModels.units)]).losses[3]
        #expect(abs(loss - reference.lossAndGradient(SmallModels.units[3]).loss) < 1e-5)
    }

    @Test(arguments: SmallModels.units.indices)
    func normAndGradientOfEachUnitAgreeWithTheReference(unit: Int) {
        let expected = expectedGradient(SmallModels.units[unit])
        let norm = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let batch = SmallModels.batch(SmallModels.units)
        let measured = pass().measure([batch]).squaredNorms[unit].squareRoot()
        #expect(abs(measured - norm) <= 1e-5 * norm)
        var factors = [Float](repeating: 0, count: SmallModels.units.count)
        factors[unit] = 1
        #expect(SmallModels.difference(sum([batch], factors: factors), expected) < 1e-5)
    }

    @Test func clippedSumAgreesWithTheReferenceForAnyShardsAndThreads() {
        let gradients = SmallModels.units.map(expectedGradient)
        let norms = gradients.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        let bound = norms.sorted()[norms.count / 2]
        let factors = norms.map { Float(min(1, bound / max($0, .leastNormalMagnitude))) }
        var expected = [Double](repeating: 0, count: adapters.layout.count)
        for (gradient, factor) in zip(gradients, factors) {
            for index in expected.indices { expected[index] += Double(factor) * gradient[index] }
        }
        let shards = [0..<2, 2..<3, 3..<7].map { SmallModels.batch(Array(SmallModels.units[$0])) }
        let one = sum(shards, factors: factors)
        #expect(SmallModels.difference(one, expected) < 1e-5)
        #expect(sum(shards, factors: factors, threads: 3) == one)
    }

    @Test func everyTensorOfTheAdaptersChangesTheLogits() {
        let batch = SmallModels.batch([SmallModels.units[0]])
        let pass = pass()
        let before = pass.logits(batch)
        for entry in adapters.layout.entries {
            let kept = adapters.values[entry.offset]
            adapters.values[entry.offset] += 0.5
            #expect(pass.logits(batch) != before, "\(entry.name)")
            adapters.values[entry.offset] = kept
        }
        #expect(pass.logits(batch) == before)
    }

    @Test func aSelectionOfAdaptersFreezesTheOthers() {
        let trained: Set<String> = ["h.1.mlp.c_fc.lora_A", "h.0.attn.c_proj.lora_B"]
        let unit = SmallModels.units[3]
        let norm = pass(trainable: .named(trained)).measure([SmallModels.batch([unit])])
            .squaredNorms[0]
        let gradient = expectedGradient(unit)
        let expected = adapters.layout.entries.filter { trained.contains($0.name) }
            .reduce(0) { $0 + gradient[$1.range].reduce(0) { $0 + $1 * $1 } }
        #expect(abs(norm - expected) <= 1e-5 * expected)
    }
}
