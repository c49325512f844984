/// Llama, and what has its architecture, such as SmolLM2.
///
/// Touvron et al. 2023, arXiv:2302.13971.
struct LlamaFamily: FamilyDescription {
    let architectures = ["LlamaForCausalLM", "LlamaModel"]

    func configuration(
        _ settings: ModelSettings
    ) throws(DecoderConfigurationError) -> DecoderConfiguration {
        let family = RotaryFamily(settings: settings)
        var configuration = try family.configuration()
        try family.requireFullAttention()
        let hasBiases = try settings.flag("attention_bias") ?? false
        configuration.biases.projections = hasBiases
        configuration.biases.attentionOutput = hasBiases
        configuration.biases.mlp = try settings.flag("mlp_bias") ?? false
        return configuration
    }

    func settings(of configuration: DecoderConfiguration) -> [(key: String, value: String)] {
        RotaryFamily.settings(of: configuration) + [
            ("attention_bias", "\(configuration.biases.projections)"),
            ("mlp_bias", "\(configuration.biases.mlp)"),
        ]
    }

    func tensors(of configuration: DecoderConfiguration) -> [StoredTensor] {
        RotaryFamily.tensors(of: configuration)
    }
}
