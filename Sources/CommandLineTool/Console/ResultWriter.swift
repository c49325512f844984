/// Prints a command's result: one JSON object, or lines of text.
struct ResultWriter: Sendable {
    /// Whether results are dropped: for commands inside another one that says what they came to.
    @TaskLocal static var isMuted = false

    /// Whether `--json` was given.
    let isJSON: Bool

    /// Writes the result; the text is built only when it is wanted.
    func write(_ object: JSONValue, text: @autoclosure () -> [String]) throws {
        if Self.isMuted { return }
        if isJSON {
            try ConsoleText.writeResult(object.description)
        } else {
            for line in text() { try ConsoleText.writeResult(ConsoleText.printable(line)) }
        }
    }
}
