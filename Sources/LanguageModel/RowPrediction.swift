/// What a model predicts for one token.
package struct RowPrediction: Sendable, Equatable {
    /// −log of the probability of the token that follows, nats.
    package let loss: Double
    /// The likeliest of the tokens that were asked about.
    package let likeliest: Int32
    /// The token that follows.
    package let target: Int32
}
