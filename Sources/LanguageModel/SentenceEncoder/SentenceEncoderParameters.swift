package import Autograd
package import Kernels

/// The parameters of a BERT-style encoder in one flat buffer, under BERT's own names.
package struct SentenceEncoderParameters: Sendable {
    /// The shape of the encoder.
    package let configuration: SentenceEncoderConfiguration
    /// Where each named parameter lies in `values`.
    package let layout: ParameterLayout
    /// All parameters.
    package let values: FloatBuffer

    /// Zeros everywhere, to be filled from a file.
    package init(zeros configuration: SentenceEncoderConfiguration) {
        self.configuration = configuration
        layout = Self.layout(of: configuration)
        values = FloatBuffer(count: layout.count)
    }

    /// The layout: embeddings, then blocks in order.
    ///
    /// A linear weight is [out, in].
    package static func layout(of configuration: SentenceEncoderConfiguration) -> ParameterLayout {
        let (width, inner) = (configuration.width, configuration.innerWidth)
        func norm(_ name: String) -> [(name: String, shape: [Int])] {
            [(name + ".weight", [width]), (name + ".bias", [width])]
        }
        func linear(_ name: String, _ output: Int, _ input: Int) -> [(name: String, shape: [Int])] {
            [(name + ".weight", [output, input]), (name + ".bias", [output])]
        }
        var parameters: [(name: String, shape: [Int])] = [
            ("embeddings.word_embeddings.weight", [configuration.vocabularySize, width]),
            ("embeddings.position_embeddings.weight", [configuration.contextLength, width]),
            ("embeddings.token_type_embeddings.weight", [configuration.segmentCount, width]),
        ]
        parameters += norm("embeddings.LayerNorm")
        for layer in 0..<configuration.layerCount {
            let block = "encoder.layer.\(layer)."
            for part in ["query", "key", "value"] {
                parameters += linear(block + "attention.self." + part, width, width)
            }
            parameters += linear(block + "attention.output.dense", width, width)
            parameters += norm(block + "attention.output.LayerNorm")
            parameters += linear(block + "intermediate.dense", inner, width)
            parameters += linear(block + "output.dense", width, inner)
            parameters += norm(block + "output.LayerNorm")
        }
        return ParameterLayout(parameters)
    }
}
