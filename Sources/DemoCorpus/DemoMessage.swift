/// One record of the made-up corpus.
public struct DemoMessage: Sendable, Equatable {
    /// What the customer wrote: 5 to 60 words on one line.
    public let text: String
    /// What it is about, one of six values.
    public let topic: String
    /// `negative`, `neutral` or `positive`.
    public let sentiment: String

    /// The record as a line of CSV without line end: `text,topic,sentiment`.
    public var csvLine: String {
        "\"" + text.replacing("\"", with: "\"\"") + "\",\(topic),\(sentiment)"
    }

    /// The header of that CSV.
    public static let csvHeader = "text,topic,sentiment"
}
