public import Autograd
public import Kernels

/// Low-rank additions to the linear weights of one GPT-2 model, trained while the model is frozen.
///
///     W → W + (α/rank)·A·B,  α = 2·rank             LoRA; Hu et al. 2021, arXiv:2106.09685
///
/// All four linear layers of a block have one: c_attn and c_proj of attention, c_fc and c_proj of
/// the MLP. `h.0.attn.c_attn` has A as `h.0.attn.c_attn.lora_A`, [in, rank], and B as
/// `h.0.attn.c_attn.lora_B`, [rank, out]. Copies of this value share the buffer.
public struct DecoderAdapters: Sendable {
    /// α/rank.
    static let scale: Float = 2
    static let downSuffix = ".lora_A"
    static let upSuffix = ".lora_B"

    /// The shape of the model that is added to.
    public let configuration: DecoderConfiguration
    /// The number of columns of A and of rows of B, at least 1.
    public let rank: Int
    /// Where each A and B lies in `values`.
    public let layout: ParameterLayout
    /// All of them, [layout.count].
    public let values: FloatBuffer

    /// Zeros everywhere, to be filled from a file.
    public init(zeros configuration: DecoderConfiguration, rank: Int) {
        precondition(rank >= 1, "the rank of adapters is \(rank); it must be at least 1")
        self.configuration = configuration
        self.rank = rank
        layout = Self.layout(of: configuration, rank: rank)
        values = FloatBuffer(count: layout.count)
    }

    /// Draws A from N(0, 1/(3·in)) and sets B to zero, so that the model starts unchanged.
    ///
    /// The paper leaves A's variance open; this is that of its authors' code.
    public init(
        initializing configuration: DecoderConfiguration,
        rank: Int,
        using generator: inout some RandomNumberGenerator
    ) {
        self.init(zeros: configuration, rank: rank)
        for entry in layout.entries where entry.name.hasSuffix(Self.downSuffix) {
            values.fillNormal(
                entry.range,
                deviation: (1 / (3 * Double(entry.shape[0]))).squareRoot(),
                using: &generator
            )
        }
    }

    /// The layout: blocks in order, in each the linear layers in GPT-2's order, A before B.
    public static func layout(of configuration: DecoderConfiguration, rank: Int) -> ParameterLayout
    {
        ParameterLayout(
            DecoderParameters.layout(of: configuration).entries.flatMap {
                entry -> [(name: String, shape: [Int])] in
                guard let name = adaptedLayer(entry) else { return [] }
                return [
                    (name + downSuffix, [entry.shape[0], rank]),
                    (name + upSuffix, [rank, entry.shape[1]]),
                ]
            }
        )
    }

    /// The parameters with the additions carried out, in memory of their own.
    ///
    /// It costs 2·rank operations an element, and rounds each element once more.
    public func merged(into parameters: DecoderParameters) -> DecoderParameters {
        precondition(
            parameters.configuration == configuration,
            "adapters of a model of another shape"
        )
        let merged = DecoderParameters(zeros: configuration)
        let count = merged.layout.count
        Matrix(merged.values, rows: 1, columns: count)
            .copy(from: Matrix(parameters.values, rows: 1, columns: count))
        for entry in merged.layout.entries {
            guard let name = Self.adaptedLayer(entry), let down = layout[name + Self.downSuffix],
                let up = layout[name + Self.upSuffix]
            else { continue }
            MatrixMultiply.multiply(
                down.matrix(in: values),
                up.matrix(in: values),
                into: entry.matrix(in: merged.values),
                alpha: Self.scale,
                adding: true
            )
        }
        return merged
    }

    /// The layer's name without `.weight`, if the parameter is a weight that has an adapter.
    private static func adaptedLayer(_ entry: ParameterLayout.Entry) -> String? {
        let isLinear = entry.name.hasPrefix("h.") && entry.shape.count == 2
        return isLinear ? String(entry.name.dropLast(".weight".count)) : nil
    }
}
