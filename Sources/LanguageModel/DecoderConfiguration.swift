/// The shape of a decoder and the parts that its blocks are made of.
///
/// Every block is x += attention(norm(x)), then x += MLP(norm(x)); what differs between families of
/// models is said here, and nowhere else.
public struct DecoderConfiguration: Sendable, Equatable {
    /// How rows are normalised.
    public enum Norm: Sendable, Equatable {
        /// Centred and scaled, with a scale and a shift.
        case layer
        /// Divided by the root of the mean of squares, with a scale alone.
        case rootMeanSquare
    }

    /// How a token's place is told.
    public enum Positions: Sendable, Equatable {
        /// A table of vectors that are added to the embeddings.
        case learned
        /// Queries and keys are turned.
        case rotary(RotaryPositions)
    }

    /// What the middle of an MLP does.
    public enum Activation: Sendable, Equatable {
        /// GELU in its tanh form.
        case gelu
        /// SiLU of one half times the other half.
        case gatedSiLU
        /// GELU in its tanh form of one half times the other half.
        case gatedGELU

        /// Whether the MLP's input layer has two halves.
        public var isGated: Bool { self != .gelu }
    }

    /// Which linear layers have a bias.
    public struct Biases: Sendable, Equatable {
        /// The one to queries, keys and values.
        public var projections = false
        /// The one after attention.
        public var attentionOutput = false
        /// Both of the MLP.
        public var mlp = false

        /// All, as in GPT-2.
        public static let all = Biases(projections: true, attentionOutput: true, mlp: true)
        /// None, as in Llama.
        public static let none = Biases()
    }

    /// Whose files the model is read from and written as.
    public var family = ModelFamily.gpt2
    /// Number of token ids.
    public var vocabularySize: Int
    /// Longest sequence, in tokens.
    public var contextLength: Int
    /// Width of the residual stream.
    public var width: Int
    /// Number of transformer blocks.
    public var layerCount: Int
    /// Number of attention heads.
    public var headCount: Int
    /// Number of heads of keys and values; divides `headCount`.
    public var sharedHeadCount: Int
    /// Width of one attention head; even where positions are rotary.
    public var headWidth: Int
    /// Width of the MLP's activation.
    public var innerWidth: Int
    /// The norms before attention, before the MLP and after the last block.
    public var norm = Norm.layer
    /// Added to the variance, or to the mean of squares, in normalisation.
    public var normEpsilon: Float
    /// How a token's place is told.
    public var positions = Positions.learned
    /// The middle of the MLP.
    public var activation = Activation.gelu
    /// Which linear layers have a bias.
    public var biases = Biases.all
    /// Whether each head's queries and keys are normalised, by the root of the mean of squares.
    public var hasHeadNorms = false
    /// Whether the output head is the token embedding.
    public var isHeadTied = true

    /// Creates the configuration of a GPT-2 model; `headCount` divides `width`.
    public init(
        vocabularySize: Int,
        contextLength: Int,
        width: Int,
        layerCount: Int,
        headCount: Int,
        layerNormEpsilon: Float = 1e-5
    ) {
        self.vocabularySize = vocabularySize
        self.contextLength = contextLength
        self.width = width
        self.layerCount = layerCount
        self.headCount = headCount
        sharedHeadCount = headCount
        headWidth = width / headCount
        innerWidth = 4 * width
        normEpsilon = layerNormEpsilon
    }

    /// Width of all heads' queries.
    public var queryWidth: Int { headCount * headWidth }
    /// Width of all heads' keys, and of their values.
    public var keyWidth: Int { sharedHeadCount * headWidth }
    /// Width of queries, keys and values.
    public var projectionWidth: Int { queryWidth + 2 * keyWidth }
    /// Width of what the MLP's input layer gives.
    public var hiddenWidth: Int { (activation.isGated ? 2 : 1) * innerWidth }
    /// Elements of the linear weights of all blocks.
    public var linearWeightCount: Int {
        layerCount
            * (width * (projectionWidth + queryWidth) + width * (hiddenWidth + innerWidth))
    }
    /// Inputs or outputs of the narrowest linear layer, the largest rank of adapters.
    public var narrowestWidth: Int { min(width, queryWidth, innerWidth) }
    /// Elements of rank 1 of the adapters of all blocks.
    public var adapterWidth: Int {
        layerCount
            * (3 * width + projectionWidth + queryWidth + hiddenWidth + innerWidth + width)
    }
    /// Floats a row of what training keeps of all blocks until the sum is taken, about.
    public var keptWidth: Int {
        layerCount * (6 * width + projectionWidth + queryWidth + hiddenWidth + innerWidth)
    }
}
