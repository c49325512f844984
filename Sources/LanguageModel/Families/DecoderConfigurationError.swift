/// Why a `config.json` cannot be used.
///
/// Its file is called "config.json" here; who reads another file names that one.
public enum DecoderConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The bytes are not a JSON object with the keys of a model; says what is wrong.
    case malformed(String)
    /// The model is not one that this package computes; says which setting differs.
    case unsupported(setting: String, found: String, expected: String)
    /// A size is outside what is allowed.
    case outOfRange(setting: String, value: Int, allowed: ClosedRange<Int>)

    /// What is wrong, with the value, and what to do.
    public var description: String {
        let advice =
            switch self {
            case .malformed:
                " Pass a folder that transformers' save_pretrained wrote for GPT-2, Llama, Qwen2 or Qwen3."
            case .unsupported:
                " Use a model of the families GPT-2, Llama, Qwen2 or Qwen3, such as SmolLM2-135M."
            case .outOfRange:
                ""
            }
        return problem(in: "config.json") + advice
    }

    /// What is wrong, with the value, in a file of that name.
    package func problem(in file: String) -> String {
        switch self {
        case .malformed(let problem):
            "\(file) is not a configuration of a model: \(problem)."
        case .unsupported(let setting, let found, let expected):
            "\(file) has \(setting) = \(found); only \(expected) is supported."
        case .outOfRange(let setting, let value, let allowed):
            "\(file) has \(setting) = \(value); "
                + "it must be in \(allowed.lowerBound)...\(allowed.upperBound)."
        }
    }
}
