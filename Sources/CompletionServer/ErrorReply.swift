/// An error, as OpenAI's clients expect it.
struct ErrorReply: Encodable, Error, Equatable {
    struct Detail: Encodable, Equatable {
        let message: String
        let type = "invalid_request_error"
        /// The field of the request that it is about.
        let param: String?
        /// What kind of error it is, for programs.
        let code: String?

        private enum CodingKeys: CodingKey { case message, type, param, code }

        func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(message, forKey: .message)
            try values.encode(type, forKey: .type)
            // Null, not absent, as OpenAI's are.
            try values.encode(param, forKey: .param)
            try values.encode(code, forKey: .code)
        }
    }

    let error: Detail

    init(_ message: String, param: String? = nil, code: String? = nil) {
        error = Detail(message: message, param: param, code: code)
    }

    /// A model that is not here.
    static func unknownModel(served name: String) -> ErrorReply {
        ErrorReply(
            "there is no such model; this server has \(name)",
            param: "model",
            code: "model_not_found"
        )
    }

    /// A prompt that the model cannot see as a whole.
    static func tooLong(promptTokens: Int, maxTokens: Int, contextLength: Int) -> ErrorReply {
        ErrorReply(
            "This model's context is \(contextLength) tokens; the prompt has \(promptTokens) and"
                + " max_tokens asks for \(maxTokens) more. Shorten the prompt.",
            param: "prompt",
            code: "context_length_exceeded"
        )
    }
}
