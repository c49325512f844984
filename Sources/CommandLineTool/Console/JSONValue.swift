import Foundation

/// A JSON document with ordered keys and numbers in full double precision.
///
///     {"epsilon": 7.9999, "delta": 1e-06, "order": "inf"}
///
/// JSON has no infinity: it is written as the string `"inf"` or `"-inf"`, and NaN as `null`.
indirect enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])
    /// JSON text that is complete already, on one line.
    case encoded(String)

    /// One key and its value.
    struct Member: Equatable, Sendable {
        let key: String
        let value: JSONValue
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByFloatLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(floatLiteral value: Double) { self = .number(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member(key: $0.0, value: $0.1) })
    }
}

extension JSONValue: CustomStringConvertible {
    /// The document on one line.
    var description: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): Self.text(value)
        case .string(let value): Self.quoted(value)
        case .encoded(let text): text
        case .array(let elements): "[" + elements.map(\.description).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.map { Self.quoted($0.key) + ":" + $0.value.description }
                .joined(separator: ",") + "}"
        }
    }

    private static func text(_ value: Double) -> String {
        if value.isNaN { return "null" }
        if value.isInfinite { return value > 0 ? "\"inf\"" : "\"-inf\"" }
        // Swift's description is the shortest decimal that reads back as the same double.
        return value.description
    }

    private static func quoted(_ value: String) -> String {
        var result = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..."\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension JSONValue {
    /// The JSON of an encodable value: keys in order, infinity as `"inf"`.
    ///
    /// - Throws: What the value's encoding throws.
    init(encoding value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "unknown"
        )
        self = .encoded(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}

/// Prints a command's result: one JSON object, or lines of text.
struct ResultWriter: Sendable {
    /// Whether results are dropped: for commands inside another one that says what they came to.
    @TaskLocal static var isMuted = false

    /// Whether `--json` was given.
    let isJSON: Bool
    /// Whether standard output holds something else, so that the result goes to standard error.
    var isOnErrors = false

    /// Writes the result; the text is built only when it is wanted.
    func write(_ object: JSONValue, text: @autoclosure () -> [String]) throws {
        if Self.isMuted { return }
        if isOnErrors {
            let lines = isJSON ? [object.description] : text()
            lines.forEach(ConsoleText.writeError)
        } else if isJSON {
            try ConsoleText.writeResult(object.description)
        } else {
            for line in text() { try ConsoleText.writeResult(ConsoleText.printable(line)) }
        }
    }
}
