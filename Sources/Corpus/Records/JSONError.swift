/// Where and why a text is not JSON.
///
/// Quotes nothing of the text.
struct JSONError: Error, Equatable, Sendable {
    /// What was wrong.
    enum Problem: String, Sendable {
        case syntax = "not JSON"
        case tooDeep = "nested too deeply"
        case duplicateKey = "a key occurs twice in one object"
        case notUTF8 = "not UTF-8"
    }

    /// What was wrong.
    let problem: Problem
    /// The byte at which it was noticed.
    let offset: Int
}
