/// Prints a command's result: one JSON object, or lines of text.
struct ResultWriter: Sendable {
    /// Whether `--json` was given.
    let isJSON: Bool

    /// Writes the result; the text is built only when it is wanted.
    func write(_ object: JSONValue, text: @autoclosure () -> [String]) throws {
        if isJSON {
            try ConsoleText.writeResult(object.description)
        } else {
            for line in text() { try ConsoleText.writeResult(line) }
        }
    }
}
