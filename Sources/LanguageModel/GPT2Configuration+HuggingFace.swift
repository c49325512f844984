import Foundation

extension GPT2Configuration {
    /// The longest `config.json` that is read, in bytes.
    public static let longestConfigurationFile = 1 << 20

    /// Reads the `config.json` that Hugging Face's transformers writes for GPT-2.
    ///
    /// Keys that do not change the computation are ignored. A key that does, with another value
    /// than GPT-2's, is an error that names it. `reorder_and_upcast_attn` does not: it moves the
    /// attention scores of half precision to single precision, in which all is computed here.
    ///
    /// - Parameters:
    ///   - json: The file's bytes, at most `longestConfigurationFile`.
    ///   - requiresType: Whether "model_type" must be there; a shape for a new model needs none.
    /// - Throws: `GPT2ConfigurationError`, naming the setting and its value.
    public init(
        huggingFaceJSON json: [UInt8],
        requiresType: Bool = true
    ) throws(GPT2ConfigurationError) {
        let file = try HuggingFaceConfiguration.decode(json)
        guard file.model_type != nil || !requiresType else {
            throw .malformed("\"model_type\" is missing")
        }
        try file.checkArchitecture()
        let width = try file.size(file.n_embd, "n_embd", 1...16_384)
        let heads = try file.size(file.n_head, "n_head", 1...width)
        guard width % heads == 0 else {
            throw .unsupported(
                setting: "n_head",
                found: "\(heads)",
                expected: "a divisor of n_embd = \(width)"
            )
        }
        let epsilon = file.layer_norm_epsilon ?? 1e-5
        guard epsilon > 0, epsilon <= 0.1 else {
            throw .unsupported(
                setting: "layer_norm_epsilon",
                found: "\(epsilon)",
                expected: "a value in (0, 0.1]"
            )
        }
        try file.checkInnerWidth(of: width)
        self.init(
            vocabularySize: try file.size(file.vocab_size, "vocab_size", 1...1_000_000),
            contextLength: try file.size(
                file.n_positions ?? file.n_ctx,
                "n_positions",
                2...1_000_000
            ),
            width: width,
            layerCount: try file.size(file.n_layer, "n_layer", 1...512),
            headCount: heads,
            layerNormEpsilon: Float(epsilon)
        )
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
        return """
            {
              "activation_function": "gelu_new",
              "architectures": ["GPT2LMHeadModel"],
              "attn_pdrop": 0.0,
              "bos_token_id": \(beginning),
              "embd_pdrop": 0.0,
              "eos_token_id": \(end),
              "initializer_range": 0.02,
              "layer_norm_epsilon": \(layerNormEpsilon),
              "model_type": "gpt2",
              "n_ctx": \(contextLength),
              "n_embd": \(width),
              "n_head": \(headCount),
              "n_inner": null,
              "n_layer": \(layerCount),
              "n_positions": \(contextLength),
              "reorder_and_upcast_attn": false,
              "resid_pdrop": 0.0,
              "scale_attn_by_inverse_layer_idx": false,
              "scale_attn_weights": true,
              "tie_word_embeddings": true,
              "torch_dtype": "float32",
              "use_cache": true,
              "vocab_size": \(vocabularySize)
            }

            """
    }
}

/// The keys of `config.json` that matter, in transformers' names.
private struct HuggingFaceConfiguration: Decodable {
    var model_type: String?
    var architectures: [String]?
    var activation_function: String?
    var vocab_size: Int?
    var n_positions: Int?
    var n_ctx: Int?
    var n_embd: Int?
    var n_head: Int?
    var n_layer: Int?
    var n_inner: Int?
    var layer_norm_epsilon: Double?
    var scale_attn_weights: Bool?
    var scale_attn_by_inverse_layer_idx: Bool?
    var add_cross_attention: Bool?
    var is_encoder_decoder: Bool?

    static func decode(_ json: [UInt8]) throws(GPT2ConfigurationError) -> Self {
        guard json.count <= GPT2Configuration.longestConfigurationFile else {
            throw .malformed("it has \(json.count) bytes, more than 1 MiB")
        }
        do {
            return try JSONDecoder().decode(Self.self, from: Data(json))
        } catch DecodingError.typeMismatch(_, let context) {
            let key = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw .malformed("the value of \"\(key)\" has the wrong type")
        } catch {
            throw .malformed("it is not a JSON object")
        }
    }

    func checkArchitecture() throws(GPT2ConfigurationError) {
        try expect("model_type", model_type ?? "gpt2", in: ["gpt2"])
        for name in architectures ?? [] {
            try expect("architectures", name, in: ["GPT2LMHeadModel", "GPT2Model"])
        }
        // Three names of one function, the tanh approximation of GELU.
        try expect(
            "activation_function",
            activation_function ?? "gelu_new",
            in: ["gelu_new", "gelu_pytorch_tanh", "gelu_fast"]
        )
        try expect("scale_attn_weights", scale_attn_weights ?? true, is: true)
        try expect(
            "scale_attn_by_inverse_layer_idx",
            scale_attn_by_inverse_layer_idx ?? false,
            is: false
        )
        try expect("add_cross_attention", add_cross_attention ?? false, is: false)
        try expect("is_encoder_decoder", is_encoder_decoder ?? false, is: false)
    }

    func checkInnerWidth(of width: Int) throws(GPT2ConfigurationError) {
        guard let inner = n_inner, inner != 4 * width else { return }
        throw .unsupported(
            setting: "n_inner",
            found: "\(inner)",
            expected: "null or 4 · n_embd = \(4 * width)"
        )
    }

    func size(
        _ value: Int?,
        _ name: String,
        _ allowed: ClosedRange<Int>
    ) throws(GPT2ConfigurationError) -> Int {
        guard let value else { throw .malformed("\"\(name)\" is missing") }
        guard allowed.contains(value) else {
            throw .outOfRange(setting: name, value: value, allowed: allowed)
        }
        return value
    }

    private func expect(
        _ setting: String,
        _ found: String,
        in allowed: [String]
    ) throws(GPT2ConfigurationError) {
        guard !allowed.contains(found) else { return }
        throw .unsupported(
            setting: setting,
            found: printable(found),
            expected: allowed.joined(separator: " or ")
        )
    }

    private func expect(
        _ setting: String,
        _ found: Bool,
        is expected: Bool
    ) throws(GPT2ConfigurationError) {
        guard found != expected else { return }
        throw .unsupported(setting: setting, found: "\(found)", expected: "\(expected)")
    }

    /// At most 64 characters of ASCII, so that a file cannot write to the terminal.
    private func printable(_ text: String) -> String {
        let kept = text.utf8.prefix(64).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: kept, as: UTF8.self)
    }
}
