/// A text that was planted in training data, and others like it that were not.
public struct Canary: Sendable, Codable, Equatable {
    /// The planted text.
    public let text: String
    /// Texts of the same form, drawn like the canary and never trained on.
    public let fillers: [String]

    /// Groups a canary with its fillers.
    public init(text: String, fillers: [String]) {
        self.text = text
        self.fillers = fillers
    }
}
