/// Qwen2 and Qwen2.5: Llama with biases on queries, keys and values.
///
/// Yang et al. 2024, arXiv:2407.10671.
struct Qwen2Family: FamilyDescription {
    let architectures = ["Qwen2ForCausalLM", "Qwen2Model"]

    func configuration(
        _ settings: ModelSettings
    ) throws(DecoderConfigurationError) -> DecoderConfiguration {
        let family = RotaryFamily(settings: settings)
        var configuration = try family.configuration()
        try family.requireFullAttention()
        configuration.biases.projections = true
        return configuration
    }

    func settings(of configuration: DecoderConfiguration) -> [(key: String, value: String)] {
        RotaryFamily.settings(of: configuration) + [("use_sliding_window", "false")]
    }

    func tensors(of configuration: DecoderConfiguration) -> [StoredTensor] {
        RotaryFamily.tensors(of: configuration)
    }
}
