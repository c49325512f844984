/// What Llama and the families after it have in common: RMS norms, rotary positions, a gated MLP.
///
/// Their files name query, key and value, gate and up apart, each as [out, in].
struct RotaryFamily {
    let settings: ModelSettings

    /// The decoder with the settings that all of them have; biases, norms of heads and limits of
    /// attention are the family's.
    func configuration() throws(DecoderConfigurationError) -> DecoderConfiguration {
        let width = try settings.size("hidden_size", 1...16_384)
        let heads = try settings.size("num_attention_heads", 1...width)
        let shared = try settings.size(ifPresent: "num_key_value_heads", 1...heads) ?? heads
        guard heads % shared == 0 else {
            throw .unsupported(
                setting: "num_key_value_heads",
                found: "\(shared)",
                expected: "a divisor of num_attention_heads = \(heads)"
            )
        }
        let headWidth = try headWidth(width, heads)
        var result = DecoderConfiguration(
            vocabularySize: try settings.size("vocab_size", 1...1_000_000),
            contextLength: try settings.size("max_position_embeddings", 2...10_000_000),
            width: width,
            layerCount: try settings.size("num_hidden_layers", 1...512),
            headCount: heads,
            layerNormEpsilon: Float(
                try settings.positive("rms_norm_eps", upTo: 0.1, default: 1e-6)
            )
        )
        result.sharedHeadCount = shared
        result.headWidth = headWidth
        result.innerWidth = try settings.size("intermediate_size", 1...262_144)
        result.norm = .rootMeanSquare
        result.positions = .rotary(try positions())
        result.activation = try activation()
        result.biases = .none
        result.isHeadTied = try settings.flag("tie_word_embeddings") ?? false
        return result
    }

    private func headWidth(
        _ width: Int,
        _ heads: Int
    ) throws(DecoderConfigurationError) -> Int {
        if let stated = try settings.size(ifPresent: "head_dim", 2...4_096) {
            guard stated % 2 == 0 else {
                throw .unsupported(
                    setting: "head_dim",
                    found: "\(stated)",
                    expected: "an even number"
                )
            }
            return stated
        }
        guard width % (2 * heads) == 0 else {
            throw .unsupported(
                setting: "num_attention_heads",
                found: "\(heads)",
                expected: "a number of heads of even width in hidden_size = \(width)"
            )
        }
        return width / heads
    }

    private func activation() throws(DecoderConfigurationError)
        -> DecoderConfiguration.Activation
    {
        let name = try settings.text("hidden_act") ?? "silu"
        try settings.expect(
            "hidden_act",
            name,
            in: ["silu", "swish", "gelu_new", "gelu_pytorch_tanh"]
        )
        return name.hasPrefix("gelu") ? .gatedGELU : .gatedSiLU
    }

    /// Rotary settings in either spelling: `rope_theta` and `rope_scaling`, or `rope_parameters`.
    private func positions() throws(DecoderConfigurationError) -> RotaryPositions {
        let parameters = try settings.object("rope_parameters")
        let share = try (parameters ?? settings).number("partial_rotary_factor") ?? 1
        guard share == 1 else {
            throw .unsupported(
                setting: "partial_rotary_factor",
                found: "\(share)",
                expected: "1"
            )
        }
        try settings.expect("rope_interleaved", is: false)
        let owner = parameters?.isSet("rope_theta") == true ? parameters ?? settings : settings
        let older = try settings.object("rope_scaling")
        return RotaryPositions(
            base: try owner.positive("rope_theta", upTo: 1e12, default: 10_000),
            scaling: try scaling(parameters ?? older)
        )
    }

    private func scaling(
        _ scaling: ModelSettings?
    ) throws(DecoderConfigurationError) -> RotaryPositions.Scaling {
        guard let scaling else { return .none }
        let key = scaling.isSet("rope_type") ? "rope_type" : "type"
        let type = try scaling.text(key) ?? "default"
        try scaling.expect(key, type, in: ["default", "linear", "llama3"])
        switch type {
        case "linear": return .linear(factor: try scaling.positive("factor", upTo: 1e6))
        case "llama3":
            let low = try scaling.positive("low_freq_factor", upTo: 1e6)
            let high = try scaling.positive("high_freq_factor", upTo: 1e6)
            guard low < high else {
                throw .unsupported(
                    setting: "low_freq_factor",
                    found: "\(low)",
                    expected: "less than high_freq_factor = \(high)"
                )
            }
            return .llama3(
                factor: try scaling.positive("factor", upTo: 1e6),
                lowFrequency: low,
                highFrequency: high,
                context: try scaling.positive("original_max_position_embeddings", upTo: 1e9)
            )
        default: return .none
        }
    }

    /// Refuses attention that does not see the whole context.
    func requireFullAttention() throws(DecoderConfigurationError) {
        try settings.expect("use_sliding_window", is: false)
        for type in try settings.texts("layer_types") {
            try settings.expect("layer_types", type, in: ["full_attention"])
        }
    }

    /// The members of a `config.json` that all of them have.
    static func settings(of shape: DecoderConfiguration) -> [(key: String, value: String)] {
        var base = 10_000.0
        var scaling = "\"rope_type\": \"default\""
        if case .rotary(let rotary) = shape.positions {
            base = rotary.base
            scaling = json(rotary.scaling)
        }
        return [
            ("attention_dropout", "0.0"),
            ("head_dim", "\(shape.headWidth)"),
            ("hidden_act", shape.activation == .gatedGELU ? "\"gelu_pytorch_tanh\"" : "\"silu\""),
            ("hidden_size", "\(shape.width)"),
            ("intermediate_size", "\(shape.innerWidth)"),
            ("max_position_embeddings", "\(shape.contextLength)"),
            ("num_attention_heads", "\(shape.headCount)"),
            ("num_hidden_layers", "\(shape.layerCount)"),
            ("num_key_value_heads", "\(shape.sharedHeadCount)"),
            ("rms_norm_eps", "\(shape.normEpsilon)"),
            ("rope_parameters", "{\"rope_theta\": \(base), \(scaling)}"),
            ("rope_scaling", scaling.hasSuffix("\"default\"") ? "null" : "{\(scaling)}"),
            ("rope_theta", "\(base)"),
        ]
    }

    private static func json(_ scaling: RotaryPositions.Scaling) -> String {
        switch scaling {
        case .none: return "\"rope_type\": \"default\""
        case .linear(let factor): return "\"factor\": \(factor), \"rope_type\": \"linear\""
        case .llama3(let factor, let low, let high, let context):
            let original = "\"original_max_position_embeddings\": \(Int(context))"
            return "\"factor\": \(factor), \"high_freq_factor\": \(high), "
                + "\"low_freq_factor\": \(low), \(original), \"rope_type\": \"llama3\""
        }
    }

    /// The tensors under transformers' names, without the prefix `model.` that the whole model's have.
    static func tensors(of shape: DecoderConfiguration) -> [StoredTensor] {
        let table = [shape.vocabularySize, shape.width]
        var tensors = [StoredTensor("model.embed_tokens.weight", table, parameter: "wte.weight")]
        for layer in 0..<shape.layerCount {
            tensors += block(of: shape, from: "model.layers.\(layer).", to: "h.\(layer).")
        }
        tensors.append(StoredTensor("model.norm.weight", [shape.width], parameter: "ln_f.weight"))
        if !shape.isHeadTied {
            let head = DecoderConfiguration.headName
            tensors.append(StoredTensor(head, table, parameter: head))
        }
        return tensors
    }

    private static func block(
        of shape: DecoderConfiguration,
        from source: String,
        to target: String
    ) -> [StoredTensor] {
        func norm(_ name: String, _ parameter: String, _ width: Int) -> StoredTensor {
            StoredTensor(source + name + ".weight", [width], parameter: target + parameter)
        }
        /// Layers side by side in one parameter.
        func linear(
            _ names: [(name: String, columns: Int)],
            _ input: Int,
            _ parameter: String,
            hasBias: Bool
        ) -> [StoredTensor] {
            var tensors: [StoredTensor] = []
            for (kind, isMatrix) in [("weight", true)] + (hasBias ? [("bias", false)] : []) {
                var first = 0
                for (name, columns) in names {
                    tensors.append(
                        StoredTensor(
                            "\(source)\(name).\(kind)",
                            isMatrix ? [columns, input] : [columns],
                            parameter: "\(target)\(parameter).\(kind)",
                            firstColumn: first,
                            isTransposed: isMatrix
                        )
                    )
                    first += columns
                }
            }
            return tensors
        }
        let (inner, width) = (shape.innerWidth, shape.width)
        var tensors = [norm("input_layernorm", "ln_1.weight", width)]
        tensors += linear(
            [
                ("self_attn.q_proj", shape.queryWidth), ("self_attn.k_proj", shape.keyWidth),
                ("self_attn.v_proj", shape.keyWidth),
            ],
            width,
            "attn.c_attn",
            hasBias: shape.biases.projections
        )
        if shape.hasHeadNorms {
            tensors.append(norm("self_attn.q_norm", "attn.q_norm.weight", shape.headWidth))
            tensors.append(norm("self_attn.k_norm", "attn.k_norm.weight", shape.headWidth))
        }
        tensors += linear(
            [("self_attn.o_proj", width)],
            shape.queryWidth,
            "attn.c_proj",
            hasBias: shape.biases.attentionOutput
        )
        tensors.append(norm("post_attention_layernorm", "ln_2.weight", width))
        tensors += linear(
            [("mlp.gate_proj", inner), ("mlp.up_proj", inner)],
            width,
            "mlp.c_fc",
            hasBias: shape.biases.mlp
        )
        tensors += linear(
            [("mlp.down_proj", width)],
            inner,
            "mlp.c_proj",
            hasBias: shape.biases.mlp
        )
        return tensors
    }
}
