/// The parameters of OpenAI's interface that would change the answer and that this server does not know.
///
/// Without a word about them, the answer would be to another question. Each may be there with the value
/// that asks for nothing.
struct UnsupportedParameters: Decodable {
    /// The first one that asks for something; nil if none does.
    let first: String?

    private enum Key: String, CodingKey, CaseIterable {
        case logprobs, echo, suffix
        case bestOf = "best_of"
        case presencePenalty = "presence_penalty"
        case frequencyPenalty = "frequency_penalty"
        case logitBias = "logit_bias"
    }

    private enum CountKey: String, CodingKey { case count = "n" }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        let count = try? decoder.container(keyedBy: CountKey.self).decode(Int.self, forKey: .count)
        first = Key.allCases.first { !Self.isIdle($0, values, count: count ?? 1) }?.rawValue
    }

    private static func isIdle(
        _ key: Key,
        _ values: KeyedDecodingContainer<Key>,
        count: Int
    ) -> Bool {
        guard values.contains(key), (try? values.decodeNil(forKey: key)) != true else {
            return true
        }
        switch key {
        // 0 asks for those of the tokens drawn.
        case .logprobs, .echo: return (try? values.decode(Bool.self, forKey: key)) == false
        case .suffix: return (try? values.decode(String.self, forKey: key)) == ""
        case .bestOf: return (try? values.decode(Int.self, forKey: key)) == count
        case .presencePenalty, .frequencyPenalty:
            return (try? values.decode(Double.self, forKey: key)) == 0
        case .logitBias:
            return (try? values.decode([String: Double].self, forKey: key))?.isEmpty == true
        }
    }
}
