/// Prints a command's result: one JSON object, or lines of text.
struct ResultWriter: Sendable {
    /// Whether results are dropped: for commands inside another one that says what they came to.
    @TaskLocal static var isMuted = false

    /// Whether `--json` was given.
    let isJSON: Bool
    /// Whether standard output holds something else, so that the result goes to standard error.
    var isOnErrors = false

    /// Writes the result; the text is built only when it is wanted.
    func write(_ object: JSONValue, text: @autoclosure () -> [String]) throws {
        if Self.isMuted { return }
        if isOnErrors {
            let lines = isJSON ? [object.description] : text()
            lines.forEach(ConsoleText.writeError)
        } else if isJSON {
            try ConsoleText.writeResult(object.description)
        } else {
            for line in text() { try ConsoleText.writeResult(ConsoleText.printable(line)) }
        }
    }
}
