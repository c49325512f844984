import LanguageModel
import Testing

@Suite struct GenerationConfigurationTests {
    private static let gpt2 = """
        {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "activation_function": "gelu_new",
         "vocab_size": 50257, "n_positions": 1024, "n_ctx": 1024, "n_embd": 768, "n_head": 12,
         "n_layer": 12, "layer_norm_epsilon": 1e-05, "summary_type": "cls_index",
         "task_specific_params": {"text-generation": {"do_sample": true}}}
        """

    private func read(_ json: String) throws -> DecoderConfiguration {
        try DecoderConfiguration(huggingFaceJSON: Array(json.utf8))
    }

    @Test func readsWhatTransformersWrites() throws {
        let expected = DecoderConfiguration(
            vocabularySize: 50257,
            contextLength: 1024,
            width: 768,
            layerCount: 12,
            headCount: 12
        )
        #expect(try read(Self.gpt2) == expected)
    }

    @Test func readsBackWhatItWrites() throws {
        let odd = DecoderConfiguration(
            vocabularySize: 97,
            contextLength: 31,
            width: 24,
            layerCount: 3,
            headCount: 2,
            layerNormEpsilon: 1e-6
        )
        #expect(try read(odd.huggingFaceJSON(endOfText: 5)) == odd)
    }

    @Test(arguments: [
        ("\"model_type\": \"gpt2\"", "\"model_type\": \"bloom\"", "model_type = bloom"),
        ("\"gelu_new\"", "\"relu\"", "activation_function = relu"),
        ("GPT2LMHeadModel", "GPT2ForSequenceClassification", "architectures = GPT2ForSeq"),
        ("\"n_embd\"", "\"n_inner\": 1000, \"n_embd\"", "n_inner = 1000"),
        ("\"n_embd\"", "\"scale_attn_weights\": false, \"n_embd\"", "scale_attn_weights = false"),
        (
            "\"n_embd\"", "\"scale_attn_by_inverse_layer_idx\": true, \"n_embd\"",
            "scale_attn_by_inverse_layer_idx = true"
        ),
        (
            "\"n_embd\"", "\"add_cross_attention\": true, \"n_embd\"",
            "add_cross_attention = true"
        ),
        ("\"n_head\": 12", "\"n_head\": 7", "n_head = 7"),
        ("\"vocab_size\": 50257", "\"vocab_size\": -1", "vocab_size = -1"),
        ("\"n_positions\": 1024", "\"n_positions\": 1", "n_positions = 1"),
        ("\"n_layer\": 12", "\"n_layer\": \"x\"", "n_layer"),
        ("\"n_layer\": 12,", "", "\"n_layer\" is missing"),
        ("{\"model_type\"", "[\"model_type\"", "not a JSON object"),
    ])
    func refusesOtherModelsNamingWhatDiffers(
        change: (original: String, replacement: String, message: String)
    ) throws {
        let json = Self.gpt2.replacing(change.original, with: change.replacement)
        let error = #expect(throws: DecoderConfigurationError.self) { try read(json) }
        #expect(error?.description.contains(change.message) == true, "\(String(describing: error))")
    }

    @Test func theOrderOfAttentionInHalfPrecisionChangesNothing() throws {
        let json = Self.gpt2.replacing(
            "\"n_embd\"",
            with: "\"reorder_and_upcast_attn\": true, \"n_embd\""
        )
        #expect(try read(json) == read(Self.gpt2))
    }
}
