/// Why a `config.json` cannot be used.
public enum GPT2ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The bytes are not a JSON object with GPT-2's keys; says what is wrong.
    case malformed(String)
    /// The model is not one that this package computes; says which setting differs.
    case unsupported(setting: String, found: String, expected: String)
    /// A size is outside what is allowed.
    case outOfRange(setting: String, value: Int, allowed: ClosedRange<Int>)

    /// What is wrong, with the value, and what to do.
    public var description: String {
        switch self {
        case .malformed(let problem):
            "config.json is not a GPT-2 configuration: \(problem). "
                + "Pass a folder that transformers' save_pretrained wrote for a GPT-2 model."
        case .unsupported(let setting, let found, let expected):
            "config.json has \(setting) = \(found); only \(expected) is supported. "
                + "Use a GPT-2 model, such as gpt2, distilgpt2 or DialoGPT."
        case .outOfRange(let setting, let value, let allowed):
            "config.json has \(setting) = \(value); "
                + "it must be in \(allowed.lowerBound)...\(allowed.upperBound)."
        }
    }
}
