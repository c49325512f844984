/// A piece of a completion: the next one, or all of it.
struct CompletionPart: Sendable {
    /// How the whole completion ended.
    struct Ending: Sendable {
        /// "stop" at end-of-text or a stop text, "length" otherwise.
        let reason: String
        /// Tokens drawn for the whole completion.
        let tokenCount: Int
    }

    let index: Int
    let text: String
    /// Nil if more parts follow.
    let ending: Ending?
}
