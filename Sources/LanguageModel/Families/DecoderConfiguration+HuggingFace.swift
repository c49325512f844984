extension DecoderConfiguration {
    /// The longest `config.json` that is read, in bytes.
    public static let longestConfigurationFile = 1 << 20

    /// Reads the `config.json` that Hugging Face's transformers writes for a family known here.
    ///
    /// Keys that do not change the computation are ignored. A key that does, with a value that is not
    /// computed here, is an error that names it.
    ///
    /// - Parameters:
    ///   - json: The file's bytes, at most `longestConfigurationFile`.
    ///   - requiresType: Whether "model_type" must be there; a shape for a new model needs none, and is
    ///     GPT-2's then.
    /// - Throws: `DecoderConfigurationError`, naming the setting and its value.
    public init(
        huggingFaceJSON json: [UInt8],
        requiresType: Bool = true
    ) throws(DecoderConfigurationError) {
        let settings = try ModelSettings(json)
        let type = try settings.text("model_type")
        guard type != nil || !requiresType else {
            throw .malformed("\"model_type\" is missing")
        }
        let families = ModelFamily.allCases
        try settings.expect("model_type", type ?? "gpt2", in: families.map(\.rawValue))
        let family = ModelFamily(rawValue: type ?? "gpt2") ?? .gpt2
        for name in try settings.texts("architectures") {
            try settings.expect("architectures", name, in: family.description.architectures)
        }
        for key in ["quantization_config", "add_cross_attention", "is_encoder_decoder"]
        where settings.isSet(key) {
            throw .unsupported(setting: key, found: settings.shown(key), expected: "none")
        }
        self = try family.description.configuration(settings)
        self.family = family
    }

    /// The `config.json` with which transformers opens this model; ends with a newline.
    ///
    /// - Parameters:
    ///   - endOfText: The id that ends a text, `eos_token_id`; without it the last id of the
    ///     vocabulary, as in GPT-2.
    ///   - beginningOfText: The id that begins one, `bos_token_id`; without it that of end-of-text.
    /// - Returns: JSON with sorted keys.
    public func huggingFaceJSON(
        endOfText: Int32? = nil,
        beginningOfText: Int32? = nil
    ) -> String {
        let end = endOfText.map(Int.init) ?? vocabularySize - 1
        let beginning = beginningOfText.map(Int.init) ?? end
        let description = family.description
        let members =
            description.settings(of: self) + [
                ("architectures", "[\"\(description.architectures[0])\"]"),
                ("bos_token_id", "\(beginning)"),
                ("eos_token_id", "\(end)"),
                ("initializer_range", "0.02"),
                ("model_type", "\"\(family.rawValue)\""),
                ("tie_word_embeddings", "\(isHeadTied)"),
                ("vocab_size", "\(vocabularySize)"),
            ]
        let lines = members.sorted { $0.key < $1.key }.map { "  \"\($0.key)\": \($0.value)" }
        return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
    }
}
