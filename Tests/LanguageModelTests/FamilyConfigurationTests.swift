import Autograd
import Foundation
import Testing

@testable import LanguageModel

/// `config.json` of Llama, Qwen2 and Qwen3, in the spellings that transformers has written.
@Suite struct FamilyConfigurationTests {
    private static let llama = """
        {"architectures": ["LlamaForCausalLM"], "attention_bias": false, "hidden_act": "silu",
         "hidden_size": 576, "initializer_range": 0.04, "intermediate_size": 1536,
         "is_llama_config": true, "max_position_embeddings": 8192, "model_type": "llama",
         "num_attention_heads": 9, "num_hidden_layers": 30, "num_key_value_heads": 3,
         "pretraining_tp": 1, "rms_norm_eps": 1e-05, "rope_interleaved": false,
         "rope_scaling": null, "rope_theta": 100000, "tie_word_embeddings": true,
         "torch_dtype": "bfloat16", "vocab_size": 49152}
        """

    private func read(_ json: String) throws -> DecoderConfiguration {
        try DecoderConfiguration(huggingFaceJSON: Array(json.utf8))
    }

    @Test func readsLlama() throws {
        let shape = try read(Self.llama)
        #expect(shape.family == .llama && shape.vocabularySize == 49_152)
        #expect(shape.headWidth == 64 && shape.sharedHeadCount == 3 && shape.innerWidth == 1_536)
        #expect(shape.projectionWidth == 960 && shape.hiddenWidth == 3_072)
        #expect(shape.norm == .rootMeanSquare && shape.normEpsilon == 1e-5)
        #expect(shape.positions == .rotary(RotaryPositions(base: 100_000)))
        #expect(shape.biases == .none && shape.isHeadTied && !shape.hasHeadNorms)
        let parameters = DecoderParameters.layout(of: shape).parameterCount
        #expect(parameters == 134_515_008)
    }

    @Test func bothSpellingsOfRotarySettingsAreRead() throws {
        let scaling = """
            {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
             "original_max_position_embeddings": 8192, "rope_type": "llama3"}
            """
        let older = Self.llama.replacing(
            "\"rope_scaling\": null",
            with: "\"rope_scaling\": \(scaling)"
        )
        let newer = Self.llama.replacing(
            "\"rope_scaling\": null, \"rope_theta\": 100000",
            with: "\"rope_parameters\": "
                + scaling.replacing("{", with: "{\"rope_theta\": 100000.0, ")
        )
        let expected = RotaryPositions(
            base: 100_000,
            scaling: .llama3(factor: 32, lowFrequency: 1, highFrequency: 4, context: 8_192)
        )
        for json in [older, newer] {
            let shape = try read(json)
            #expect(shape.positions == .rotary(expected))
            #expect(try read(shape.huggingFaceJSON(endOfText: 2, beginningOfText: 1)) == shape)
        }
        let linear = older.replacing("llama3", with: "linear")
        #expect(
            try read(linear).positions
                == .rotary(RotaryPositions(base: 100_000, scaling: .linear(factor: 32)))
        )
    }

    /// Values of transformers 5.24.0, `ROPE_INIT_FUNCTIONS["llama3"]`, for these settings.
    @Test func frequenciesOfLlama3AgreeWithTransformers() {
        let rotary = RotaryPositions(
            base: 500_000,
            scaling: .llama3(factor: 8, lowFrequency: 1, highFrequency: 4, context: 8_192)
        )
        let frequencies = rotary.frequencies(headWidth: 16)
        #expect(frequencies.count == 8)
        let expected = [
            1.0, 0.193922758102417, 0.03760603070259094, 0.00729266507551074, 0.0005248460220173001,
            3.428102354519069e-05, 6.647869668086059e-06, 1.289173155782919e-06,
        ]
        for (value, reference) in zip(frequencies, expected) {
            #expect(abs(value - reference) < 1e-6 * reference)
        }
    }

    @Test func readsBackWhatItWrites() throws {
        for (name, shape) in SmallModels.families where name != "untied" {
            let json = shape.huggingFaceJSON(endOfText: 5)
            #expect(try read(json) == shape, "\(json)")
        }
    }

    @Test(arguments: [
        ("\"silu\"", "\"relu\"", "hidden_act = relu; only silu"),
        ("LlamaForCausalLM", "LlamaForTokenClassification", "architectures = LlamaForToken"),
        ("\"num_key_value_heads\": 3", "\"num_key_value_heads\": 2", "num_key_value_heads = 2"),
        ("\"num_attention_heads\": 9", "\"num_attention_heads\": 5", "num_key_value_heads = 3"),
        ("\"rope_interleaved\": false", "\"rope_interleaved\": true", "rope_interleaved = true"),
        (
            "\"rope_scaling\": null", "\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4}",
            "rope_scaling.type = yarn"
        ),
        (
            "\"rope_scaling\": null", "\"rope_scaling\": {\"rope_type\": \"linear\"}",
            "\"rope_scaling.factor\" is missing"
        ),
        ("\"rope_scaling\": null", "\"partial_rotary_factor\": 0.5", "partial_rotary_factor = 0.5"),
        ("\"rope_theta\": 100000", "\"rope_theta\": -1", "rope_theta = -1"),
        (
            "\"pretraining_tp\"", "\"quantization_config\": {\"bits\": 4}, \"pretraining_tp\"",
            "quantization_config = an object"
        ),
        (
            "\"pretraining_tp\"", "\"use_sliding_window\": true, \"pretraining_tp\"",
            "use_sliding_window = true"
        ),
        (
            "\"pretraining_tp\"",
            "\"layer_types\": [\"full_attention\", \"sliding_attention\"], \"pretraining_tp\"",
            "layer_types = sliding_attention"
        ),
        ("\"hidden_size\": 576", "\"head_dim\": 63, \"hidden_size\": 576", "head_dim = 63"),
        ("\"hidden_size\": 576", "\"hidden_size\": \"576\"", "\"hidden_size\" has the wrong type"),
        ("\"hidden_size\": 576,", "", "\"hidden_size\" is missing"),
        ("\"intermediate_size\": 1536", "\"intermediate_size\": 0", "intermediate_size = 0"),
    ])
    func refusesWhatIsNotSupportedByName(
        change: (original: String, replacement: String, message: String)
    ) throws {
        let json = Self.llama.replacing(change.original, with: change.replacement)
        #expect(json != Self.llama)
        let error = #expect(throws: DecoderConfigurationError.self) { try read(json) }
        #expect(error?.description.contains(change.message) == true, "\(String(describing: error))")
    }

    @Test func qwen3MustSayHowWideAHeadIs() throws {
        let qwen = Self.llama.replacing("LlamaForCausalLM", with: "Qwen3ForCausalLM")
            .replacing("\"llama\"", with: "\"qwen3\"")
        let error = #expect(throws: DecoderConfigurationError.self) { try read(qwen) }
        #expect(error?.description.contains("\"head_dim\" is missing") == true)
        let shape = try read(
            qwen.replacing("\"hidden_act\"", with: "\"head_dim\": 128, \"hidden_act\"")
        )
        #expect(shape.hasHeadNorms && shape.queryWidth == 1_152 && shape.family == .qwen3)
    }

    /// The file's tensors fill each parameter's columns, no more and no less.
    @Test func tensorsOfAFileAreTheParameters() {
        for (name, shape) in SmallModels.families {
            for entry in DecoderParameters.layout(of: shape).entries {
                let tensors = shape.storedTensors.filter { $0.parameter == entry.name }
                #expect(tensors.reduce(0) { $0 + $1.count } == entry.count, "\(name) \(entry.name)")
                var column = 0
                for tensor in tensors {
                    #expect(tensor.firstColumn == column)
                    column += tensor.isTransposed ? tensor.shape[0] : tensor.shape.last ?? 0
                }
            }
        }
    }
}
