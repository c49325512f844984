import Foundation

/// The request and the answer of OpenAI's completions, as far as they are used.
struct EndpointRequest: Encodable {
    struct Message: Codable {
        let role: String
        let content: String
    }

    let model: String
    let prompt: String?
    let messages: [Message]?
    let temperature: Double?
    let topP: Double?
    let topK: Int?
    let stop: [String]?
    let maxTokens: Int
    let seed: Int

    private enum CodingKeys: String, CodingKey {
        case model, prompt, messages, temperature, stop, seed
        case topP = "top_p"
        case topK = "top_k"
        case maxTokens = "max_tokens"
    }
}

/// An answer; fields that are not used may be anything.
struct EndpointReply: Decodable {
    struct Choice: Decodable {
        let text: String?
        let message: EndpointRequest.Message?
    }

    let choices: [Choice]

    /// The first answer's text, if it has any but white space.
    var text: String? {
        guard let choice = choices.first, let text = choice.text ?? choice.message?.content,
            !text.utf8.allSatisfy({ $0 <= 0x20 })
        else { return nil }
        return text
    }
}
