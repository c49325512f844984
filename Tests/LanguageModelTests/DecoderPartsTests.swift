import Autograd
import Kernels
import TestData
import Testing

@testable import LanguageModel

/// RMS norms, rotary positions, shared keys, norms of heads, gated MLPs, biases or none, tied or own
/// head: against the decoder in Double.
@Suite struct DecoderPartsTests {
    private static let names = SmallModels.families.map(\.name)
    private static let serial = ParallelFor(threadCount: 1)

    private static func parameters(_ name: String, seed: UInt64 = 3) throws -> DecoderParameters {
        let family = try #require(SmallModels.families.first { $0.name == name })
        return SmallModels.parameters(of: family.shape, seed: seed)
    }

    private static func sum(_ pass: DecoderGradientPass, _ factors: [Float]) -> [Float] {
        let sum = FloatBuffer(count: pass.layout.count)
        pass.addWeightedSum(factors: factors, into: sum)
        return sum.values(0..<sum.count)
    }

    @Test(arguments: names)
    func theReferenceAgreesWithFiniteDifferences(name: String) throws {
        let reference = ReferenceDecoder(try Self.parameters(name))
        let unit = [TokenBatch.Sequence(tokens: [1, 5, 1, 12, 5])]
        let errors = reference.gradientErrors(unit, every: 67)
        for error in errors { #expect(error < 1e-8) }
    }

    @Test(arguments: names)
    func logitsAgreeWithTheReference(name: String) throws {
        let parameters = try Self.parameters(name)
        let tokens: [Int32] = [3, 1, 4, 1, 5, 9, 2, 6]
        let batch = SmallModels.batch([[TokenBatch.Sequence(tokens: tokens + [0])]])
        let pass = DecoderGradientPass(parameters: parameters, parallel: Self.serial)
        let expected = ReferenceDecoder(parameters).logits(tokens).flatMap { $0 }
        #expect(SmallModels.difference(pass.logits(batch), expected) < 1e-5)
    }

    @Test(arguments: names)
    func normAndGradientOfEachUnitAgreeWithTheReference(name: String) throws {
        let parameters = try Self.parameters(name)
        let reference = ReferenceDecoder(parameters)
        let pass = DecoderGradientPass(parameters: parameters, parallel: Self.serial)
        let batch = SmallModels.batch(SmallModels.units)
        for (unit, sequences) in SmallModels.units.enumerated() {
            let expected = reference.lossAndGradient(sequences)
            let norm = expected.gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let measured = pass.measure([batch])
            #expect(abs(measured.losses[unit] - expected.loss) < 1e-5)
            #expect(abs(measured.squaredNorms[unit].squareRoot() - norm) <= 1e-5 * norm)
            var factors = [Float](repeating: 0, count: SmallModels.units.count)
            factors[unit] = 1
            let among = Self.sum(pass, factors)
            #expect(SmallModels.difference(among, expected.gradient) < 2e-5)
            _ = pass.measure([SmallModels.batch([sequences])])
            // A unit's contribution is the same bits whatever its batch mates.
            #expect(Self.sum(pass, [1]) == among)
        }
    }

    @Test(arguments: names)
    func normOfEachParameterAgreesWithTheReference(name: String) throws {
        let parameters = try Self.parameters(name)
        let unit = SmallModels.units[3]
        let gradient = ReferenceDecoder(parameters).lossAndGradient(unit).gradient
        for entry in parameters.layout.entries {
            let pass = DecoderGradientPass(
                parameters: parameters,
                trainable: .named([entry.name]),
                parallel: Self.serial
            )
            let norm = pass.measure([SmallModels.batch([unit])]).squaredNorms[0]
            let expected = gradient[entry.range].reduce(0) { $0 + $1 * $1 }
            #expect(abs(norm - expected) <= 2e-5 * expected, "\(entry.name)")
            #expect(expected > 0, "\(entry.name)")
        }
    }

    /// Longer than the records whose probabilities are kept, and than a block of queries.
    @Test(arguments: ["llama", "qwen3"])
    func longRecordsAgreeWithTheReference(name: String) throws {
        var shape = try Self.parameters(name).configuration
        shape.contextLength = 140
        shape.layerCount = 1
        let parameters = SmallModels.parameters(of: shape)
        let unit = [TokenBatch.Sequence(tokens: (0..<131).map { Int32($0 * $0 % 13) })]
        let expected = ReferenceDecoder(parameters).lossAndGradient(unit).gradient
        let pass = DecoderGradientPass(parameters: parameters, parallel: Self.serial)
        let norm = expected.reduce(0) { $0 + $1 * $1 }
        let measured = pass.measure([SmallModels.batch([unit])]).squaredNorms[0]
        #expect(abs(measured - norm) <= 2e-5 * norm)
        #expect(SmallModels.difference(Self.sum(pass, [1]), expected) < 2e-5)
    }

    /// ∂A = s·∂W·Bᵀ and ∂B = s·Aᵀ·∂W of the merged model, for every linear layer.
    @Test(arguments: names)
    func adaptersHaveTheGradientsOfTheMergedModel(name: String) throws {
        let parameters = try Self.parameters(name)
        let adapters = DecoderAdapters(zeros: parameters.configuration, rank: 2)
        var generator = SeededGenerator(seed: 8)
        for index in 0..<adapters.layout.count {
            adapters.values[index] = Float.random(in: -0.3...0.3, using: &generator)
        }
        let unit = SmallModels.units[3]
        let merged = adapters.merged(into: parameters)
        let full = ReferenceDecoder(merged).lossAndGradient(unit).gradient
        var expected = [Double](repeating: 0, count: adapters.layout.count)
        var layers = 0
        for weight in parameters.layout.entries {
            let layer = weight.name.replacing(".weight", with: "")
            guard let down = adapters.layout[layer + ".lora_A"],
                let up = adapters.layout[layer + ".lora_B"]
            else { continue }
            layers += 1
            let columns = weight.shape[1]
            for row in 0..<weight.shape[0] {
                for column in 0..<columns {
                    let change = 2 * full[weight.offset + row * columns + column]
                    for k in 0..<2 {
                        let a = down.offset + row * 2 + k
                        let b = up.offset + k * columns + column
                        expected[a] += change * Double(adapters.values[b])
                        expected[b] += change * Double(adapters.values[a])
                    }
                }
            }
        }
        #expect(layers == 4 * parameters.configuration.layerCount)
        let pass = DecoderGradientPass(
            parameters: parameters,
            adapters: adapters,
            parallel: Self.serial
        )
        let norm = expected.reduce(0) { $0 + $1 * $1 }
        let measured = pass.measure([SmallModels.batch([unit])]).squaredNorms[0]
        #expect(abs(measured - norm) <= 2e-5 * norm)
        #expect(SmallModels.difference(Self.sum(pass, [1]), expected) < 2e-5)
    }

    /// Generation keeps keys and values; the likeliest tokens are those of the whole pass.
    @Test(arguments: names)
    func greedyTextsAreWhatTheWholePassPredicts(name: String) throws {
        let parameters = try Self.parameters(name)
        let pass = DecoderGradientPass(parameters: parameters, parallel: Self.serial)
        let options = SamplingOptions(temperature: 0, maximumNewTokens: 7, endOfText: nil)
        let prompts: [[Int32]] = [[3, 1, 4, 1, 5], [9], [2, 6, 5, 3]]
        for threads in [1, 3] {
            let generator = TextGenerator(
                parameters,
                batchSize: 2,
                parallel: ParallelFor(threadCount: threads)
            )
            let texts = try generator.generate(prompts, options) {
                SeededGenerator(seed: UInt64($0))
            }
            for (prompt, text) in zip(prompts, texts) {
                let whole = prompt + text
                let batch = SmallModels.batch([[TokenBatch.Sequence(tokens: whole + [0])]])
                let logits = pass.logits(batch)
                for (index, token) in text.enumerated() {
                    let row = (prompt.count + index - 1) * 13
                    let values = logits[row..<row + 13]
                    // No two logits of these models are closer than rounding.
                    #expect(values.firstIndex(of: values.max() ?? 0) == row + Int(token))
                }
                #expect(text.count == min(7, 12 - prompt.count + 1))
            }
        }
    }

    /// A shape that says it has no positions beyond rotary ones has no table of them, and so on.
    @Test func aLayoutHasWhatTheShapeHas() throws {
        let llama = try Self.parameters("llama").layout.entries.map(\.name)
        #expect(llama.prefix(3) == ["wte.weight", "h.0.ln_1.weight", "h.0.attn.c_attn.weight"])
        #expect(!llama.contains { $0.hasSuffix(".bias") || $0.hasPrefix("wpe") })
        let untied = try Self.parameters("untied").layout
        #expect(untied.entries.last?.name == "lm_head.weight")
        #expect(untied["h.1.mlp.c_fc.weight"]?.shape == [8, 24])
        #expect(try Self.parameters("qwen3").layout["h.0.attn.k_norm.weight"]?.shape == [6])
        #expect(try Self.parameters("qwen2").layout["h.0.attn.c_attn.bias"]?.shape == [24])
    }
}
