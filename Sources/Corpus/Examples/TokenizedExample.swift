/// One record as token ids: private.
package struct TokenizedExample: Equatable, Sendable {
    /// Labels, text and end-of-text; at least two ids.
    package let tokens: [Int32]
    /// The first token that is predicted with loss, in 1..<tokens.count.
    package let lossStart: Int

    /// An example of those ids.
    package init(tokens: [Int32], lossStart: Int) {
        precondition(
            lossStart >= 1 && lossStart < tokens.count,
            "lossStart is \(lossStart); it must be in 1..<\(tokens.count)"
        )
        self.tokens = tokens
        self.lossStart = lossStart
    }
}

extension TokenizedExample: CustomStringConvertible, CustomDebugStringConvertible {
    /// The length alone, so that no log shows private text.
    package var description: String { "TokenizedExample(\(tokens.count) tokens)" }
    /// The same as `description`.
    package var debugDescription: String { description }
}

extension Record: CustomStringConvertible, CustomDebugStringConvertible {
    /// The record's number alone, so that no log shows private text.
    package var description: String { "Record \(number)" }
    /// The same as `description`.
    package var debugDescription: String { description }
}
