import Autograd
import Kernels
import LanguageModel
import TestData

enum SmallModels {
    /// A model whose biases and layer norms are random too, so that every path matters.
    static func parameters(
        vocabulary: Int = 13,
        context: Int = 12,
        width: Int = 8,
        layers: Int = 2,
        heads: Int = 2,
        seed: UInt64 = 1
    ) -> DecoderParameters {
        parameters(
            of: DecoderConfiguration(
                vocabularySize: vocabulary,
                contextLength: context,
                width: width,
                layerCount: layers,
                headCount: heads
            ),
            seed: seed
        )
    }

    /// Models that between them have every part a decoder can have.
    static let families: [(name: String, shape: DecoderConfiguration)] = {
        var llama = DecoderConfiguration(
            vocabularySize: 13,
            contextLength: 12,
            width: 8,
            layerCount: 2,
            headCount: 4
        )
        llama.family = .llama
        llama.sharedHeadCount = 2
        llama.headWidth = 4
        llama.innerWidth = 12
        llama.norm = .rootMeanSquare
        llama.positions = .rotary(RotaryPositions(base: 100))
        llama.activation = .gatedSiLU
        llama.biases = .none
        var untied = llama
        untied.isHeadTied = false
        untied.activation = .gatedGELU
        untied.biases = .all
        untied.sharedHeadCount = 4
        untied.headWidth = 2
        var qwen2 = llama
        qwen2.family = .qwen2
        qwen2.biases.projections = true
        qwen2.sharedHeadCount = 1
        var qwen3 = llama
        qwen3.family = .qwen3
        qwen3.hasHeadNorms = true
        qwen3.headWidth = 6
        return [("llama", llama), ("untied", untied), ("qwen2", qwen2), ("qwen3", qwen3)]
    }()

    /// A model of that shape; every parameter random.
    static func parameters(of shape: DecoderConfiguration, seed: UInt64 = 1) -> DecoderParameters {
        var generator = SeededGenerator(seed: seed)
        let parameters = DecoderParameters(zeros: shape)
        for entry in parameters.layout.entries {
            let isScale = DecoderParameters.isNormScale(entry)
            for index in entry.range {
                parameters.values[index] =
                    (isScale ? 1 : 0) + Float.random(in: -0.4...0.4, using: &generator)
            }
        }
        return parameters
    }

    /// Units of various shapes: repeated tokens, one row, several records, partial loss, no loss.
    static let units: [[TokenBatch.Sequence]] = [
        [TokenBatch.Sequence(tokens: [1, 2, 3, 4, 5, 6])],
        [TokenBatch.Sequence(tokens: [7, 7, 7, 7, 7])],
        [TokenBatch.Sequence(tokens: [9, 3])],
        [
            TokenBatch.Sequence(tokens: [1, 5, 1, 5, 2, 1]),
            TokenBatch.Sequence(tokens: [5, 1, 12]),
            TokenBatch.Sequence(tokens: [1, 5, 1, 5, 2, 1]),
        ],
        [TokenBatch.Sequence(tokens: [4, 3, 2, 10, 10, 11, 0], lossStart: 4)],
        [TokenBatch.Sequence(tokens: [4, 3], lossStart: 2)],
        [TokenBatch.Sequence(tokens: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])],
    ]

    static func batch(_ units: [[TokenBatch.Sequence]]) -> TokenBatch {
        var batch = TokenBatch()
        for unit in units { batch.appendUnit(unit) }
        return batch
    }

    /// The largest difference, relative to the largest expected magnitude.
    static func difference(_ values: [Float], _ expected: [Double]) -> Double {
        let scale = expected.reduce(0) { max($0, abs($1)) }
        return zip(values, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
            / max(scale, .leastNormalMagnitude)
    }
}
