import Foundation

/// The body of a request for completions; a field that is not known is an error.
struct CompletionRequest: Decodable {
    /// What is to be continued.
    enum Prompt: Equatable, Sendable {
        case text(String)
        /// As they are: nothing is put before them.
        case tokens([Int32])
    }

    /// The name of the model that is asked; nil if none is.
    let model: String?
    /// One prompt or several.
    let prompts: [Prompt]
    let maxTokens: Int
    let temperature: Float
    let topP: Float
    let topK: Int
    let count: Int
    let seed: UInt64?
    let stop: [String]
    let isStreaming: Bool
    /// Whether a stream ends with the numbers of tokens.
    let includesUsage: Bool
    /// The name of a field that would have to change the answer, and cannot; nil if there is none.
    let unsupported: String?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case model, prompt, temperature, seed, stop, stream
        case count = "n"
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
        case topP = "top_p"
        case topK = "top_k"
        case streamOptions = "stream_options"
    }

    private struct StreamOptions: Decodable {
        let includesUsage: Bool?

        private enum CodingKeys: String, CodingKey { case includesUsage = "include_usage" }
    }

    /// The new name or the old one, which must not contradict each other.
    private static func maxTokens(_ values: KeyedDecodingContainer<CodingKeys>) throws -> Int? {
        let new = try values.decodeIfPresent(Int.self, forKey: .maxCompletionTokens)
        let old = try values.decodeIfPresent(Int.self, forKey: .maxTokens)
        guard let new, let old, new != old else { return new ?? old }
        throw ErrorReply(
            "max_tokens is \(old) and max_completion_tokens \(new); send one of them",
            param: "max_completion_tokens"
        )
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        model = try values.decodeIfPresent(String.self, forKey: .model)
        prompts = try Self.prompts(values) ?? [.text("")]
        maxTokens = try Self.maxTokens(values) ?? 16
        temperature = try values.decodeIfPresent(Float.self, forKey: .temperature) ?? 1
        topP = try values.decodeIfPresent(Float.self, forKey: .topP) ?? 1
        topK = try values.decodeIfPresent(Int.self, forKey: .topK) ?? 0
        count = try values.decodeIfPresent(Int.self, forKey: .count) ?? 1
        seed = try values.decodeIfPresent(Int64.self, forKey: .seed).map(UInt64.init(bitPattern:))
        stop = try Self.strings(.stop, values) ?? []
        isStreaming = try values.decodeIfPresent(Bool.self, forKey: .stream) ?? false
        includesUsage =
            try values.decodeIfPresent(StreamOptions.self, forKey: .streamOptions)?.includesUsage
            ?? false
        unsupported = try UnknownFields(from: decoder).first
    }

    /// Reads a body, and checks it.
    ///
    /// - Throws: `ErrorReply` that names the first field that cannot be used.
    static func read(_ body: Data) throws(ErrorReply) -> CompletionRequest {
        let request: CompletionRequest
        do { request = try JSONDecoder().decode(Self.self, from: body) } catch {
            if let reply = error as? ErrorReply { throw reply }
            guard let field = field(of: error) else {
                throw ErrorReply("the body is not a completion request")
            }
            throw ErrorReply("the value of \(field) cannot be used", param: field)
        }
        if let problem = request.problem { throw ErrorReply(problem) }
        if let field = request.unsupported {
            throw ErrorReply("this server does not know \(field); leave it out", param: field)
        }
        return request
    }

    private static func field(of error: any Error) -> String? {
        switch error as? DecodingError {
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .keyNotFound(_, let context), .dataCorrupted(let context):
            context.codingPath.first?.stringValue
        default: nil
        }
    }

    /// A text, several, the ids of one, or the ids of several; nil if there is nothing.
    private static func prompts(
        _ values: KeyedDecodingContainer<CodingKeys>
    ) throws -> [Prompt]? {
        if let texts = try? strings(.prompt, values) { return texts.map(Prompt.text) }
        if let ids = try? values.decode([Int32].self, forKey: .prompt) { return [.tokens(ids)] }
        return try values.decodeIfPresent([[Int32]].self, forKey: .prompt)?.map(Prompt.tokens)
    }

    private static func strings(
        _ key: CodingKeys,
        _ values: KeyedDecodingContainer<CodingKeys>
    ) throws -> [String]? {
        if let one = try? values.decodeIfPresent(String.self, forKey: key) { return [one] }
        return try values.decodeIfPresent([String].self, forKey: key)
    }

    /// The first thing that is out of range, in words for the client.
    var problem: String? {
        // Each by itself first: their product may be no number.
        if !(1...128).contains(prompts.count) || !(1...128).contains(count)
            || prompts.count * count > 128
        {
            return "prompt and n must ask for 1 to 128 completions"
        }
        if maxTokens < 1 || maxTokens > 4096 { return "max_tokens must be in 1...4096" }
        if !(temperature >= 0 && temperature <= 100) { return "temperature must be in 0...100" }
        if !(topP > 0 && topP <= 1) { return "top_p must be in (0, 1]" }
        if topK < 0 { return "top_k must be at least 0" }
        if stop.count > 16 || stop.contains("") { return "stop must be 1 to 16 texts" }
        return nil
    }
}

/// The fields of a request that this server does not know.
///
/// Without a word about them, the answer would be to another question. Known are those that
/// `CompletionRequest` reads; those that change no answer, whatever they say; and others of OpenAI's with
/// the value that asks for nothing. A field that is null asks for nothing.
private struct UnknownFields: Decodable {
    /// The first one by name; nil if all are known.
    ///
    /// One in `stream_options` has that before it.
    let first: String?

    /// Said for the provider's own records.
    private static let inert: Set = [
        "metadata", "prompt_cache_key", "safety_identifier", "service_tier", "store", "user",
    ]

    /// Known with one value.
    private enum IdleKey: String, CodingKey, CaseIterable {
        case logprobs, echo, suffix
        case bestOf = "best_of"
        case presencePenalty = "presence_penalty"
        case frequencyPenalty = "frequency_penalty"
        case logitBias = "logit_bias"
    }

    /// A key of any name.
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue _: Int) { nil }
    }

    private enum CountKey: String, CodingKey { case count = "n" }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Name.self)
        let idle = try decoder.container(keyedBy: IdleKey.self)
        let count = try? decoder.container(keyedBy: CountKey.self).decode(Int.self, forKey: .count)
        let unknown = values.allKeys.filter { name in
            guard CompletionRequest.CodingKeys(rawValue: name.stringValue) == nil,
                !Self.inert.contains(name.stringValue),
                (try? values.decodeNil(forKey: name)) != true
            else { return false }
            guard let key = IdleKey(rawValue: name.stringValue) else { return true }
            return !Self.isIdle(key, idle, count: count ?? 1)
        }
        first =
            unknown.map(\.stringValue).min() ?? Self.streamOptions(values)
    }

    /// The first option of a stream that is not known; padding against observers changes no text.
    private static func streamOptions(_ values: KeyedDecodingContainer<Name>) -> String? {
        let key = Name(stringValue: CompletionRequest.CodingKeys.streamOptions.rawValue)
        let options = try? values.nestedContainer(keyedBy: Name.self, forKey: key)
        return options?.allKeys.map(\.stringValue)
            .filter { !["include_usage", "include_obfuscation"].contains($0) }
            .min().map { "stream_options.\($0)" }
    }

    private static func isIdle(
        _ key: IdleKey,
        _ values: KeyedDecodingContainer<IdleKey>,
        count: Int
    ) -> Bool {
        switch key {
        // 0 asks for those of the tokens drawn.
        case .logprobs, .echo: (try? values.decode(Bool.self, forKey: key)) == false
        case .suffix: (try? values.decode(String.self, forKey: key)) == ""
        case .bestOf: (try? values.decode(Int.self, forKey: key)) == count
        case .presencePenalty, .frequencyPenalty:
            (try? values.decode(Double.self, forKey: key)) == 0
        case .logitBias: (try? values.decode([String: Double].self, forKey: key))?.isEmpty == true
        }
    }
}
