import Autograd
import Kernels

/// GPT-2 as operations over views of its parameters: embedding, blocks, final norm, tied head.
struct GPT2Network: Sendable {
    let configuration: GPT2Configuration
    let embedding: Embedding
    let blocks: [GPT2Block]
    let finalNorm: Normalization
    let head: OutputHead

    /// Views the parameters; those in `trainable` have the slots of their own layout.
    ///
    /// With adapters the parameters are frozen, and the selection is among the adapters.
    init(
        _ parameters: GPT2Parameters,
        adapters: GPT2Adapters? = nil,
        trainable: TrainableSelection
    ) {
        let configuration = parameters.configuration
        let own = NamedParameters(
            parameters.layout,
            parameters.values,
            adapters == nil ? trainable : .named([])
        )
        let added = adapters.map { NamedParameters($0.layout, $0.values, trainable) }
        func parameter(_ name: String) -> Parameter { own[name] }
        func linear(_ name: String) -> Linear {
            let adapter = added.map { added in
                LowRankAdapter(
                    down: added[name + GPT2Adapters.downSuffix],
                    up: added[name + GPT2Adapters.upSuffix],
                    scale: GPT2Adapters.scale
                )
            }
            return Linear(
                weight: parameter(name + ".weight"),
                bias: parameter(name + ".bias"),
                adapter: adapter
            )
        }
        func norm(_ name: String) -> Normalization {
            Normalization(
                scale: parameter(name + ".weight"),
                shift: parameter(name + ".bias"),
                epsilon: configuration.layerNormEpsilon
            )
        }
        self.configuration = configuration
        embedding = Embedding(
            tokens: parameter("wte.weight"),
            positions: parameter("wpe.weight")
        )
        blocks = (0..<configuration.layerCount).map { layer in
            GPT2Block(
                attentionNorm: norm("h.\(layer).ln_1"),
                projections: linear("h.\(layer).attn.c_attn"),
                attention: Attention(
                    headCount: configuration.headCount,
                    headWidth: configuration.headWidth
                ),
                attentionOutput: linear("h.\(layer).attn.c_proj"),
                mlpNorm: norm("h.\(layer).ln_2"),
                mlpInput: linear("h.\(layer).mlp.c_fc"),
                mlpOutput: linear("h.\(layer).mlp.c_proj")
            )
        }
        finalNorm = norm("ln_f")
        head = OutputHead(weight: embedding.tokens)
    }

    /// Stops with both numbers if a batch does not fit the model.
    func requireFits(_ batch: TokenBatch) {
        let longest = batch.records.reduce(0) { max($0, $1.count) }
        precondition(
            longest <= configuration.contextLength,
            "a record has \(longest) rows; the model's context is \(configuration.contextLength)"
        )
        let tokens = batch.tokens + batch.targets
        precondition(
            tokens.allSatisfy { $0 >= 0 && $0 < configuration.vocabularySize },
            "a token id lies outside 0..<\(configuration.vocabularySize)"
        )
    }
}

/// Looks parameters up by name.
private struct NamedParameters {
    private let entries: [String: (slot: Int, entry: ParameterLayout.Entry)]
    private let values: FloatBuffer
    private let trainable: TrainableSelection

    init(_ layout: ParameterLayout, _ values: FloatBuffer, _ trainable: TrainableSelection) {
        entries = Dictionary(
            uniqueKeysWithValues: layout.entries.enumerated().map { ($1.name, ($0, $1)) }
        )
        self.values = values
        self.trainable = trainable
    }

    subscript(_ name: String) -> Parameter {
        guard let (slot, entry) = entries[name] else {
            preconditionFailure("the layout has no parameter \(name)")
        }
        return Parameter(entry, of: values, slot: trainable.contains(name) ? slot : nil)
    }
}
