/// The words that guarantees are stated with, so that equal ones are equal in a comparison.
enum PrivacyTerms {
    static let record = "record"
    static let user = "user"
    static let addOrRemove = "add/remove"
    static let replace = "replace"

    /// One spelling of a unit; others than "record" and "user" stay as they are.
    static func unit(_ text: String) -> String {
        switch folded(text) {
        case "record", "records", "example", "sample": record
        case "user", "users": user
        default: text
        }
    }

    /// One spelling of a neighbouring relation; unknown ones stay as they are.
    static func relation(_ text: String) -> String {
        switch folded(text) {
        case "addremove", "addorremove", "addorremoveone", "addremoveone", "unbounded": addOrRemove
        case "replace", "replaceone", "substitute", "substitution", "bounded": replace
        default: text
        }
    }

    private static func folded(_ text: String) -> String {
        String(text.lowercased().filter(\.isLetter))
    }
}
