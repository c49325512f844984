package import Messages

/// Why private prediction cannot start or go on; never quotes a record.
package enum PrivatePredictionError: Equatable, Explained {
    /// A setting lies outside its range.
    case invalidSetting(name: Message, value: String, requirement: Message)
    /// More texts than there are batches of records.
    case tooManyTexts(count: Int, records: Int, perText: Int)
    /// The smallest class would be drawn almost whole for each token.
    case smallClass(probability: Double, records: Int)
    /// A prompt leaves no room for the text.
    case longPrompt(tokens: Int, context: Int)
    /// The model's logits are not finite.
    case unusableModel
    /// A file of the run is not what the run wrote.
    case damagedState(path: String, reason: String)

    /// What, where, what to do.
    package var explanation: Message {
        switch self {
        case .invalidSetting(let name, let value, let requirement):
            "\(name) is \(value); it must be \(requirement)."
        case .tooManyTexts(let count, let records, let perText):
            "\(count) texts of \(perText) records each need \(count * perText) records; there are"
                + " \(records). Every record may serve one text: lower \(.count) or \(.prompts)."
        case .smallClass(let probability, let records):
            "a token draws \(records) records, \(Int(100 * probability)) % of the smallest class: so many"
                + " that sampling hides nobody there. Lower \(.prompts) or \(.recordsPerPrompt), leave"
                + " that class out, or use another \(.rule)."
        case .longPrompt(let tokens, let context):
            "the public prompt has \(tokens) tokens; with the text the model's \(context) leave no room"
                + " for a record. Shorten \(.instruction) or \(.maxNewTokens)."
        case .unusableModel:
            "the model's logits are not finite, so no token can be chosen. Use another \(.model)."
        case .damagedState(let path, let reason):
            "\(path): \(reason). Restore it from a copy, or start again with another \(.output)."
        }
    }
}
