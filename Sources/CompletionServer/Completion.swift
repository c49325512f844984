/// One text to complete, and what became of it.
struct CompletionTask: Sendable {
    let index: Int
    let prompt: [Int32]
    let seed: UInt64
}

/// A finished completion.
struct Completion: Sendable {
    let index: Int
    let text: String
    let tokenCount: Int
    /// "stop" at end-of-text or a stop text, "length" otherwise.
    let finishReason: String
}
