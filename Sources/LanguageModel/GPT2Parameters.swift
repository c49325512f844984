public import Autograd
public import Kernels

/// The parameters of one GPT-2 model in a single flat buffer, under GPT-2's own names.
///
/// The output head is tied to `wte.weight`. Copies of this value share the buffer.
public struct GPT2Parameters: Sendable {
    /// The shape of the model.
    public let configuration: GPT2Configuration
    /// Where each named parameter lies in `values`.
    public let layout: ParameterLayout
    /// All parameters, [layout.count].
    public let values: FloatBuffer

    /// Zeros everywhere, to be filled from a file.
    public init(zeros configuration: GPT2Configuration) {
        self.configuration = configuration
        layout = Self.layout(of: configuration)
        values = FloatBuffer(count: layout.count)
    }

    /// Draws GPT-2's random initialisation; Radford 2019, section 2.3.
    ///
    /// Weights N(0, 0.02²), residual projections scaled by 1/√(2·layers), biases 0, layer norm
    /// scales 1.
    public init(
        initializing configuration: GPT2Configuration,
        using generator: inout some RandomNumberGenerator
    ) {
        self.init(zeros: configuration)
        let residualDeviation = 0.02 / (2 * Double(configuration.layerCount)).squareRoot()
        for entry in layout.entries {
            if entry.name.hasSuffix("ln_1.weight") || entry.name.hasSuffix("ln_2.weight")
                || entry.name == "ln_f.weight"
            {
                values.fill(entry.range, with: 1)
            } else if entry.name.hasSuffix(".weight") {
                let isResidual = entry.name.hasSuffix("c_proj.weight")
                values.fillNormal(
                    entry.range,
                    deviation: isResidual ? residualDeviation : 0.02,
                    using: &generator
                )
            }
        }
    }

    /// The layout of GPT-2: embeddings, blocks in order, final layer norm.
    ///
    /// A linear weight is [in, out]; `wte.weight` is [vocabulary, width], `wpe.weight` [context, width].
    public static func layout(of configuration: GPT2Configuration) -> ParameterLayout {
        let width = configuration.width
        var parameters: [(name: String, shape: [Int])] = [
            ("wte.weight", [configuration.vocabularySize, width]),
            ("wpe.weight", [configuration.contextLength, width]),
        ]
        for layer in 0..<configuration.layerCount {
            let block = "h.\(layer)."
            parameters += [
                (block + "ln_1.weight", [width]), (block + "ln_1.bias", [width]),
                (block + "attn.c_attn.weight", [width, 3 * width]),
                (block + "attn.c_attn.bias", [3 * width]),
                (block + "attn.c_proj.weight", [width, width]),
                (block + "attn.c_proj.bias", [width]),
                (block + "ln_2.weight", [width]), (block + "ln_2.bias", [width]),
                (block + "mlp.c_fc.weight", [width, 4 * width]),
                (block + "mlp.c_fc.bias", [4 * width]),
                (block + "mlp.c_proj.weight", [4 * width, width]),
                (block + "mlp.c_proj.bias", [width]),
            ]
        }
        parameters += [("ln_f.weight", [width]), ("ln_f.bias", [width])]
        return ParameterLayout(parameters)
    }
}
