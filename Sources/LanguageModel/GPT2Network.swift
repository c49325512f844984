import Autograd
import Kernels

/// GPT-2 as operations over views of its parameters: embedding, blocks, final norm, tied head.
struct GPT2Network: Sendable {
    let configuration: GPT2Configuration
    let embedding: Embedding
    let blocks: [GPT2Block]
    let finalNorm: Normalization
    let head: OutputHead

    /// Views the parameters; those in `trainable` have the slots of the parameters' own layout.
    init(_ parameters: GPT2Parameters, trainable: TrainableSelection) {
        let configuration = parameters.configuration
        let entries = Dictionary(
            uniqueKeysWithValues: parameters.layout.entries.enumerated().map { ($1.name, ($0, $1)) }
        )
        func parameter(_ name: String) -> Parameter {
            guard let (slot, entry) = entries[name] else {
                preconditionFailure("the layout has no parameter \(name)")
            }
            return Parameter(
                entry,
                of: parameters.values,
                slot: trainable.contains(name) ? slot : nil
            )
        }
        func linear(_ name: String) -> Linear {
            Linear(weight: parameter(name + ".weight"), bias: parameter(name + ".bias"))
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
