/// The fields of a request that this server does not know.
///
/// Without a word about them, the answer would be to another question. Known are those that
/// `CompletionRequest` reads; those that change no answer, whatever they say; and others of OpenAI's with
/// the value that asks for nothing. A field that is null asks for nothing.
struct UnknownFields: Decodable {
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
