/// What is answered, with OpenAI's names.
struct CompletionReply: Encodable {
    struct Choice: Encodable {
        let text: String
        let index: Int
        /// "stop", "length", or nil while a text is being streamed.
        let finishReason: String?

        private enum CodingKeys: String, CodingKey {
            case text, index
            case finishReason = "finish_reason"
        }

        func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(text, forKey: .text)
            try values.encode(index, forKey: .index)
            // Null, not absent: clients tell the last chunk by it.
            try values.encode(finishReason, forKey: .finishReason)
        }
    }

    struct Usage: Encodable {
        let promptTokens: Int
        let completionTokens: Int
        let totalTokens: Int

        init(promptTokens: Int, completionTokens: Int) {
            self.promptTokens = promptTokens
            self.completionTokens = completionTokens
            totalTokens = promptTokens + completionTokens
        }

        private enum CodingKeys: String, CodingKey {
            case promptTokens = "prompt_tokens"
            case completionTokens = "completion_tokens"
            case totalTokens = "total_tokens"
        }
    }

    let id: String
    let object = "text_completion"
    let created: Int
    let model: String
    let choices: [Choice]
    let usage: Usage?
}

/// The list of models.
struct ModelList: Encodable {
    struct Model: Encodable {
        let id: String
        let object = "model"
        let created = 0
        let ownedBy = "dpscribe"

        private enum CodingKeys: String, CodingKey {
            case id, object, created
            case ownedBy = "owned_by"
        }
    }

    let object = "list"
    let data: [Model]
}
