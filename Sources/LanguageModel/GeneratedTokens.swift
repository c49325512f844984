/// One generated text.
package struct GeneratedTokens: Sendable, Equatable {
    /// Why it ended.
    package enum Ending: Sendable {
        /// The end-of-text token was drawn.
        case endOfText
        /// `maximumNewTokens` were drawn.
        case maximumNewTokens
        /// The model's context is full.
        case context
        /// Whoever reads the tokens wanted no more.
        case stopped
    }

    /// The request's id.
    package let id: Int
    /// The new tokens, without prompt and end-of-text.
    package let tokens: [Int32]
    /// Why the text ended.
    package let ending: Ending
}
