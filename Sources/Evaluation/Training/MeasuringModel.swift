package import LanguageModel

/// The public base model, for the metrics that train a model: its vocabulary and its weights.
public struct MeasuringModel: Sendable {
    /// What a report calls it.
    package let name: String
    /// Weights that training starts from; never changed.
    package let parameters: DecoderParameters
    /// The id that stands after every text.
    package let endOfText: Int32
    /// The id that stands before every text.
    private let beginningOfText: Int32
    /// From the bytes of a text to ids.
    package let tokenize: @Sendable ([UInt8]) -> [Int32]

    /// Describes a public model.
    package init(
        name: String,
        parameters: DecoderParameters,
        endOfText: Int32,
        beginningOfText: Int32? = nil,
        tokenize: @escaping @Sendable ([UInt8]) -> [Int32]
    ) {
        self.name = name
        self.parameters = parameters
        self.endOfText = endOfText
        self.beginningOfText = beginningOfText ?? endOfText
        self.tokenize = tokenize
    }

    /// What begins a text, the first `limit` tokens of the text, end-of-text.
    func sequence(_ text: String, limit: Int) -> [Int32] {
        [beginningOfText] + tokenize(Array(text.utf8)).prefix(limit) + [endOfText]
    }
}
