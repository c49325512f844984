/// How the next token is drawn from the model's distribution.
package struct SamplingOptions: Sendable, Equatable {
    /// Divides the logits, at least 0; 0 takes the likeliest token (greedy).
    package var temperature: Float
    /// Only tokens as likely as the k-th likeliest, ties included; 0 means all.
    package var topK: Int
    /// Only the likeliest tokens whose probabilities first reach this sum, in (0, 1]; 1 means all.
    package var topP: Float
    /// Most tokens to draw for a text, at least 1, end-of-text included.
    package var maximumNewTokens: Int
    /// The token that ends a text and is not part of the result; nil if none does.
    package var endOfText: Int32?
    /// Further tokens that end a text, as a model's `generation_config.json` may name them.
    package var otherEndings: [Int32]
    /// Tokens that may be drawn: those below this; nil means all that the model has.
    ///
    /// A model may have more rows than its tokenizer has tokens; those name no text.
    package var vocabularySize: Int?

    /// Creates options; the filters apply in the order temperature, top-k, top-p.
    package init(
        temperature: Float = 1,
        topK: Int = 50,
        topP: Float = 0.9,
        maximumNewTokens: Int = 128,
        endOfText: Int32?,
        otherEndings: [Int32] = [],
        vocabularySize: Int? = nil
    ) {
        precondition(
            temperature >= 0 && temperature.isFinite,
            "temperature is \(temperature); it must be at least 0"
        )
        precondition(topK >= 0, "topK is \(topK); it must be at least 0")
        precondition(topP > 0 && topP <= 1, "topP is \(topP); it must be in (0, 1]")
        precondition(
            maximumNewTokens >= 1,
            "maximumNewTokens is \(maximumNewTokens); it must be at least 1"
        )
        precondition(
            vocabularySize.map { $0 >= 1 } ?? true,
            "vocabularySize is \(vocabularySize ?? 0); it must be at least 1"
        )
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.maximumNewTokens = maximumNewTokens
        self.endOfText = endOfText
        self.otherEndings = otherEndings
        self.vocabularySize = vocabularySize
    }
}
