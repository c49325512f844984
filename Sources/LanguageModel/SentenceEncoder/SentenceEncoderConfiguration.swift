/// The shape of a BERT-style encoder, with the keys of Hugging Face's `config.json`.
package struct SentenceEncoderConfiguration: Sendable, Equatable, Decodable {
    /// Number of word pieces.
    package let vocabularySize: Int
    /// Width of the hidden states.
    package let width: Int
    /// Number of blocks.
    package let layerCount: Int
    /// Number of attention heads; divides `width`.
    package let headCount: Int
    /// Width between the two linear layers of a block.
    package let innerWidth: Int
    /// Longest sequence, in word pieces.
    package let contextLength: Int
    /// Number of segments; only the first is used.
    package let segmentCount: Int
    /// Added to the variance in layer normalisation.
    package let layerNormEpsilon: Float

    /// Width of one attention head.
    package var headWidth: Int { width / headCount }

    private enum CodingKeys: String, CodingKey {
        case vocabularySize = "vocab_size"
        case width = "hidden_size"
        case layerCount = "num_hidden_layers"
        case headCount = "num_attention_heads"
        case innerWidth = "intermediate_size"
        case contextLength = "max_position_embeddings"
        case segmentCount = "type_vocab_size"
        case layerNormEpsilon = "layer_norm_eps"
        case activation = "hidden_act"
        case modelType = "model_type"
    }

    /// Decodes and checks; unknown keys are ignored.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        vocabularySize = try values.decode(Int.self, forKey: .vocabularySize)
        width = try values.decode(Int.self, forKey: .width)
        layerCount = try values.decode(Int.self, forKey: .layerCount)
        headCount = try values.decode(Int.self, forKey: .headCount)
        innerWidth = try values.decode(Int.self, forKey: .innerWidth)
        contextLength = try values.decode(Int.self, forKey: .contextLength)
        segmentCount = try values.decodeIfPresent(Int.self, forKey: .segmentCount) ?? 2
        layerNormEpsilon = try values.decode(Float.self, forKey: .layerNormEpsilon)
        let activation = try values.decodeIfPresent(String.self, forKey: .activation) ?? "gelu"
        let kind = try values.decodeIfPresent(String.self, forKey: .modelType) ?? "bert"
        let ranges = [
            (vocabularySize, 1 << 20), (width, 1 << 14), (layerCount, 256), (headCount, 1 << 10),
            (innerWidth, 1 << 16), (contextLength, 1 << 14), (segmentCount, 16),
        ]
        // Every text has two word pieces, [CLS] and [SEP].
        guard ranges.allSatisfy({ (1...$1).contains($0) }), contextLength >= 2,
            width.isMultiple(of: headCount),
            layerNormEpsilon > 0, layerNormEpsilon < 1, activation == "gelu", kind == "bert"
        else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "not a BERT with gelu, or a size out of range"
                )
            )
        }
    }
}
