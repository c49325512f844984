public import Autograd
public import Kernels

/// The parameters of one decoder in a single flat buffer, under GPT-2's names whatever the family.
///
/// A tied head is `wte.weight` itself. Copies of this value share the buffer.
public struct DecoderParameters: Sendable {
    /// The shape of the model.
    public let configuration: DecoderConfiguration
    /// Where each named parameter lies in `values`.
    public let layout: ParameterLayout
    /// All parameters, [layout.count].
    public let values: FloatBuffer

    /// Zeros everywhere, to be filled from a file.
    public init(zeros configuration: DecoderConfiguration) {
        self.configuration = configuration
        layout = Self.layout(of: configuration)
        values = FloatBuffer(count: layout.count)
    }

    /// Draws GPT-2's random initialisation; Radford 2019, section 2.3.
    ///
    /// Weights N(0, 0.02²), residual projections scaled by 1/√(2·layers), biases 0, scales of norms 1.
    public init(
        initializing configuration: DecoderConfiguration,
        using generator: inout some RandomNumberGenerator
    ) {
        self.init(zeros: configuration)
        let residualDeviation = 0.02 / (2 * Double(configuration.layerCount)).squareRoot()
        for entry in layout.entries where entry.name.hasSuffix(".weight") {
            if Self.isNormScale(entry) {
                values.fill(entry.range, with: 1)
            } else {
                let isResidual = entry.name.hasSuffix("c_proj.weight")
                values.fillNormal(
                    entry.range,
                    deviation: isResidual ? residualDeviation : 0.02,
                    using: &generator
                )
            }
        }
    }

    /// Whether an entry is the scale of a norm: the only weights that are vectors.
    package static func isNormScale(_ entry: ParameterLayout.Entry) -> Bool {
        entry.shape.count == 1 && entry.name.hasSuffix(".weight")
    }

    /// The layout: embeddings, blocks in order, final norm, and a head of its own.
    ///
    /// A linear weight is [in, out]; `wte.weight` is [vocabulary, width], `wpe.weight` [context, width],
    /// `lm_head.weight` [vocabulary, width]. `c_attn` gives queries | keys | values, a gated `c_fc`
    /// gate | up. What a configuration does not have is not in its layout.
    public static func layout(of configuration: DecoderConfiguration) -> ParameterLayout {
        let width = configuration.width
        var parameters: [(name: String, shape: [Int])] = [
            ("wte.weight", [configuration.vocabularySize, width])
        ]
        if configuration.positions == .learned {
            parameters.append(("wpe.weight", [configuration.contextLength, width]))
        }
        for layer in 0..<configuration.layerCount {
            parameters += block(of: configuration).map { ("h.\(layer)." + $0.name, $0.shape) }
        }
        parameters += norm("ln_f", width, configuration)
        if !configuration.isHeadTied {
            parameters.append(("lm_head.weight", [configuration.vocabularySize, width]))
        }
        return ParameterLayout(parameters)
    }

    private static func block(
        of configuration: DecoderConfiguration
    ) -> [(name: String, shape: [Int])] {
        let (width, biases) = (configuration.width, configuration.biases)
        func linear(
            _ name: String,
            _ input: Int,
            _ output: Int,
            _ hasBias: Bool
        ) -> [(name: String, shape: [Int])] {
            [(name + ".weight", [input, output])] + (hasBias ? [(name + ".bias", [output])] : [])
        }
        var parameters = norm("ln_1", width, configuration)
        parameters += linear(
            "attn.c_attn",
            width,
            configuration.projectionWidth,
            biases.projections
        )
        if configuration.hasHeadNorms {
            parameters += ["attn.q_norm.weight", "attn.k_norm.weight"].map {
                ($0, [configuration.headWidth])
            }
        }
        parameters += linear("attn.c_proj", configuration.queryWidth, width, biases.attentionOutput)
        parameters += norm("ln_2", width, configuration)
        parameters += linear("mlp.c_fc", width, configuration.hiddenWidth, biases.mlp)
        parameters += linear("mlp.c_proj", configuration.innerWidth, width, biases.mlp)
        return parameters
    }

    private static func norm(
        _ name: String,
        _ width: Int,
        _ configuration: DecoderConfiguration
    ) -> [(name: String, shape: [Int])] {
        let shift = configuration.norm == .layer ? [(name + ".bias", [width])] : []
        return [(name + ".weight", [width])] + shift
    }
}
