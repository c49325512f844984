/// The shape of a GPT-2 model; reads and writes Hugging Face's `config.json` keys.
public struct GPT2Configuration: Sendable, Equatable {
    /// Number of token ids.
    public var vocabularySize: Int
    /// Longest sequence, in tokens.
    public var contextLength: Int
    /// Width of the residual stream.
    public var width: Int
    /// Number of transformer blocks.
    public var layerCount: Int
    /// Number of attention heads; divides `width`.
    public var headCount: Int
    /// Added to the variance in layer normalisation.
    public var layerNormEpsilon: Float

    /// Creates a configuration.
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
        self.layerNormEpsilon = layerNormEpsilon
    }

    /// Width of one attention head.
    public var headWidth: Int { width / headCount }
}
