/// Qwen3: Llama with a norm of each head's queries and keys.
///
/// Yang et al. 2025, arXiv:2505.09388.
struct Qwen3Family: FamilyDescription {
    let architectures = ["Qwen3ForCausalLM", "Qwen3Model"]

    func configuration(
        _ settings: ModelSettings
    ) throws(DecoderConfigurationError) -> DecoderConfiguration {
        let family = RotaryFamily(settings: settings)
        // Without it transformers takes 128, whatever the width.
        _ = try settings.size("head_dim", 2...4_096)
        var configuration = try family.configuration()
        try family.requireFullAttention()
        let hasBiases = try settings.flag("attention_bias") ?? false
        configuration.biases.projections = hasBiases
        configuration.biases.attentionOutput = hasBiases
        configuration.hasHeadNorms = true
        return configuration
    }

    func settings(of configuration: DecoderConfiguration) -> [(key: String, value: String)] {
        RotaryFamily.settings(of: configuration) + [
            ("attention_bias", "\(configuration.biases.projections)"),
            ("use_sliding_window", "false"),
        ]
    }

    func tensors(of configuration: DecoderConfiguration) -> [StoredTensor] {
        RotaryFamily.tensors(of: configuration)
    }
}
