import Autograd

/// GPT-2: layer norms, learned positions, biases everywhere, a tied head.
///
/// Radford et al. 2019. `reorder_and_upcast_attn` changes nothing: it moves the attention scores of half precision to single
/// precision, in which all is computed here.
struct GPT2Family: FamilyDescription {
    let architectures = ["GPT2LMHeadModel", "GPT2Model"]

    func configuration(
        _ settings: ModelSettings
    ) throws(DecoderConfigurationError) -> DecoderConfiguration {
        // Three names of one function, the tanh approximation of GELU.
        try settings.expect(
            "activation_function",
            try settings.text("activation_function") ?? "gelu_new",
            in: ["gelu_new", "gelu_pytorch_tanh", "gelu_fast"]
        )
        try settings.expect("scale_attn_weights", is: true)
        try settings.expect("scale_attn_by_inverse_layer_idx", is: false)
        let width = try settings.size("n_embd", 1...16_384)
        let heads = try settings.size("n_head", 1...width)
        guard width % heads == 0 else {
            throw .unsupported(
                setting: "n_head",
                found: "\(heads)",
                expected: "a divisor of n_embd = \(width)"
            )
        }
        if let inner = try settings.size(ifPresent: "n_inner", 1...1_000_000), inner != 4 * width {
            throw .unsupported(
                setting: "n_inner",
                found: "\(inner)",
                expected: "null or 4 · n_embd = \(4 * width)"
            )
        }
        let contextKey = settings.isSet("n_positions") ? "n_positions" : "n_ctx"
        var configuration = DecoderConfiguration(
            vocabularySize: try settings.size("vocab_size", 1...1_000_000),
            contextLength: try settings.size(contextKey, 2...1_000_000),
            width: width,
            layerCount: try settings.size("n_layer", 1...512),
            headCount: heads,
            layerNormEpsilon: Float(
                try settings.positive("layer_norm_epsilon", upTo: 0.1, default: 1e-5)
            )
        )
        configuration.isHeadTied = try settings.flag("tie_word_embeddings") ?? true
        return configuration
    }

    func settings(of configuration: DecoderConfiguration) -> [(key: String, value: String)] {
        [
            ("activation_function", "\"gelu_new\""),
            ("attn_pdrop", "0.0"),
            ("embd_pdrop", "0.0"),
            ("layer_norm_epsilon", "\(configuration.normEpsilon)"),
            ("n_ctx", "\(configuration.contextLength)"),
            ("n_embd", "\(configuration.width)"),
            ("n_head", "\(configuration.headCount)"),
            ("n_inner", "null"),
            ("n_layer", "\(configuration.layerCount)"),
            ("n_positions", "\(configuration.contextLength)"),
            ("resid_pdrop", "0.0"),
        ]
    }

    /// The parameters themselves: the layout has GPT-2's names and shapes.
    func tensors(of configuration: DecoderConfiguration) -> [StoredTensor] {
        DecoderParameters.layout(of: configuration).entries.map {
            StoredTensor($0.name, $0.shape, parameter: $0.name)
        }
    }
}
