/// A token that a tokenizer has beside those that merges make.
///
/// The flags are those of Hugging Face's `tokenizers`.
struct AddedToken: Equatable, Sendable {
    /// What it stands for, in UTF-8.
    let content: [UInt8]
    /// Its id.
    let id: Int
    /// It controls a model: text that spells it is text.
    var isSpecial = false
    /// White space before it belongs to it.
    var takesSpaceBefore = false
    /// White space after it belongs to it.
    var takesSpaceAfter = false
    /// It is found only where no letter, digit or mark touches it.
    var isWholeWord = false
    /// It is found after tokens that are not normalised.
    var isNormalized = true

    /// Reads a token as `tokenizer.json` and `tokenizer_config.json` spell it; nil without content.
    init?(_ value: JSONValue, id: Int) {
        guard case .string(let content) = value["content"], !content.isEmpty else { return nil }
        func flag(_ name: String) -> Bool? { value[name].map { $0 == .bool(true) } }
        self.content = content
        self.id = id
        isSpecial = flag("special") ?? false
        takesSpaceBefore = flag("lstrip") ?? false
        takesSpaceAfter = flag("rstrip") ?? false
        isWholeWord = flag("single_word") ?? false
        isNormalized = flag("normalized") ?? !isSpecial
    }

    /// A token with the flags that a file without flags means.
    init(_ content: [UInt8], id: Int, isSpecial: Bool) {
        self.content = content
        self.id = id
        self.isSpecial = isSpecial
        isNormalized = !isSpecial
    }
}
