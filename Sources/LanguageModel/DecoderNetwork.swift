import Autograd
import Kernels

/// A decoder as operations over views of its parameters: embedding, blocks, final norm, head.
struct DecoderNetwork: Sendable {
    let configuration: DecoderConfiguration
    let embedding: Embedding
    let blocks: [DecoderBlock]
    let finalNorm: Normalization
    let head: OutputHead
    /// Angles of a position; nil without rotary positions.
    private let frequencies: [Double]?

    /// Views the parameters; those in `trainable` have the slots of their own layout.
    ///
    /// With adapters the parameters are frozen, and the selection is among the adapters.
    init(
        _ parameters: DecoderParameters,
        adapters: DecoderAdapters? = nil,
        trainable: TrainableSelection
    ) {
        let configuration = parameters.configuration
        let own = NamedParameters(
            parameters.layout,
            parameters.values,
            adapters == nil ? trainable : .named([])
        )
        let added = adapters.map { NamedParameters($0.layout, $0.values, trainable) }
        self.configuration = configuration
        embedding = Embedding(
            tokens: own.required("wte.weight"),
            positions: own["wpe.weight"]
        )
        blocks = (0..<configuration.layerCount).map { layer in
            DecoderBlock(configuration, own, added, prefix: "h.\(layer).")
        }
        finalNorm = own.norm("ln_f", configuration)
        head = OutputHead(weight: own["lm_head.weight"] ?? embedding.tokens)
        frequencies = configuration.frequencies
    }

    /// The rows of a batch as attention sees them, their angles in memory of `arena`.
    func attentionRows(of batch: TokenBatch, from arena: Arena) -> Attention.Rows {
        let angles = frequencies.map { frequencies in
            let angles = arena.matrix(rows: batch.rowCount, columns: configuration.headWidth)
            Rotation.fill(angles, positions: batch.positions, frequencies: frequencies)
            return angles
        }
        return Attention.Rows(records: batch.records, angles: angles)
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

extension DecoderConfiguration {
    /// The angles of a head's pairs at position 1; nil without rotary positions.
    var frequencies: [Double]? {
        guard case .rotary(let rotary) = positions else { return nil }
        return rotary.frequencies(headWidth: headWidth)
    }
}

extension DecoderBlock {
    /// Views the parameters of one block, and its adapters if there are any.
    fileprivate init(
        _ configuration: DecoderConfiguration,
        _ own: NamedParameters,
        _ added: NamedParameters?,
        prefix: String
    ) {
        func linear(_ name: String) -> Linear { own.linear(prefix + name, adaptedBy: added) }
        func headNorm(_ name: String) -> Normalization? {
            guard configuration.hasHeadNorms else { return nil }
            return Normalization(
                scale: own.required(prefix + name),
                shift: nil,
                epsilon: configuration.normEpsilon
            )
        }
        self.init(
            attentionNorm: own.norm(prefix + "ln_1", configuration),
            projections: linear("attn.c_attn"),
            attention: Attention(
                headCount: configuration.headCount,
                sharedHeadCount: configuration.sharedHeadCount,
                headWidth: configuration.headWidth,
                queryNorm: headNorm("attn.q_norm.weight"),
                keyNorm: headNorm("attn.k_norm.weight")
            ),
            attentionOutput: linear("attn.c_proj"),
            mlpNorm: own.norm(prefix + "ln_2", configuration),
            mlpInput: linear("mlp.c_fc"),
            gate: configuration.activation.gate,
            mlpOutput: linear("mlp.c_proj")
        )
    }
}

extension DecoderConfiguration.Activation {
    /// The gated kernel; nil for an MLP without a gate.
    var gate: GatedActivation? {
        switch self {
        case .gelu: nil
        case .gatedSiLU: .silu
        case .gatedGELU: .gelu
        }
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

    /// Nil for what the configuration does not have.
    subscript(_ name: String) -> Parameter? {
        entries[name].map { slot, entry in
            Parameter(entry, of: values, slot: trainable.contains(name) ? slot : nil)
        }
    }

    func required(_ name: String) -> Parameter {
        guard let parameter = self[name] else {
            preconditionFailure("the layout has no parameter \(name)")
        }
        return parameter
    }

    func norm(_ name: String, _ configuration: DecoderConfiguration) -> Normalization {
        Normalization(
            scale: required(name + ".weight"),
            shift: self[name + ".bias"],
            epsilon: configuration.normEpsilon
        )
    }

    func linear(_ name: String, adaptedBy added: NamedParameters?) -> Linear {
        let adapter = added.map { added in
            LowRankAdapter(
                down: added.required(name + DecoderAdapters.downSuffix),
                up: added.required(name + DecoderAdapters.upSuffix),
                scale: DecoderAdapters.scale
            )
        }
        return Linear(
            weight: required(name + ".weight"),
            bias: self[name + ".bias"],
            adapter: adapter
        )
    }
}
