import Foundation

/// The members of a `config.json`, read one by one with errors that name them.
struct ModelSettings {
    private enum Value: Decodable {
        case flag(Bool)
        case integer(Int)
        case number(Double)
        case text(String)
        case list([Value])
        case object([String: Value])
        case null

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .null
            } else if let flag = try? value.decode(Bool.self) {
                self = .flag(flag)
            } else if let integer = try? value.decode(Int.self) {
                self = .integer(integer)
            } else if let number = try? value.decode(Double.self) {
                self = .number(number)
            } else if let text = try? value.decode(String.self) {
                self = .text(text)
            } else if let list = try? value.decode([Value].self) {
                self = .list(list)
            } else {
                self = .object(try value.decode([String: Value].self))
            }
        }
    }

    private let members: [String: Value]
    /// What comes before a key in messages, such as "rope_scaling.".
    private let prefix: String

    /// Reads a JSON object.
    init(_ json: [UInt8]) throws(DecoderConfigurationError) {
        guard json.count <= DecoderConfiguration.longestConfigurationFile else {
            throw .malformed("it has \(json.count) bytes, more than 1 MiB")
        }
        do {
            members = try JSONDecoder().decode([String: Value].self, from: Data(json))
        } catch {
            throw .malformed("it is not a JSON object")
        }
        prefix = ""
    }

    private init(_ members: [String: Value], prefix: String) {
        self.members = members
        self.prefix = prefix
    }

    private subscript(_ key: String) -> Value? {
        if case .null = members[key] { return nil }
        return members[key]
    }

    /// Whether the key is there and neither null nor false.
    func isSet(_ key: String) -> Bool {
        if case .flag(false) = members[key] { return false }
        return self[key] != nil
    }

    /// What a message shows of a value: no more than fits a line.
    func shown(_ key: String) -> String {
        switch self[key] {
        case .flag(let flag): "\(flag)"
        case .integer(let integer): "\(integer)"
        case .number(let number): "\(number)"
        case .text(let text): Self.printable(text)
        case .list: "a list"
        case .object: "an object"
        case .null, nil: "null"
        }
    }

    func text(_ key: String) throws(DecoderConfigurationError) -> String? {
        guard let value = self[key] else { return nil }
        guard case .text(let text) = value else { throw wrongType(key) }
        return text
    }

    /// The texts of a list; none if the key is not there.
    func texts(_ key: String) throws(DecoderConfigurationError) -> [String] {
        guard let value = self[key] else { return [] }
        guard case .list(let list) = value else { throw wrongType(key) }
        var texts: [String] = []
        for element in list {
            guard case .text(let text) = element else { throw wrongType(key) }
            texts.append(text)
        }
        return texts
    }

    func flag(_ key: String) throws(DecoderConfigurationError) -> Bool? {
        guard let value = self[key] else { return nil }
        guard case .flag(let flag) = value else { throw wrongType(key) }
        return flag
    }

    func number(_ key: String) throws(DecoderConfigurationError) -> Double? {
        switch self[key] {
        case nil: nil
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: throw wrongType(key)
        }
    }

    /// The object of a key.
    func object(_ key: String) throws(DecoderConfigurationError) -> ModelSettings? {
        guard let value = self[key] else { return nil }
        guard case .object(let members) = value else { throw wrongType(key) }
        return ModelSettings(members, prefix: prefix + key + ".")
    }

    /// A whole number within limits; nil if the key is not there.
    func size(
        ifPresent key: String,
        _ allowed: ClosedRange<Int>
    ) throws(DecoderConfigurationError) -> Int? {
        guard let value = self[key] else { return nil }
        guard case .integer(let size) = value else { throw wrongType(key) }
        guard allowed.contains(size) else {
            throw .outOfRange(setting: prefix + key, value: size, allowed: allowed)
        }
        return size
    }

    /// A whole number within limits that must be there.
    func size(
        _ key: String,
        _ allowed: ClosedRange<Int>
    ) throws(DecoderConfigurationError) -> Int {
        guard let size = try size(ifPresent: key, allowed) else {
            throw .malformed("\"\(prefix + key)\" is missing")
        }
        return size
    }

    /// A number above 0 and up to `limit`.
    func positive(
        _ key: String,
        upTo limit: Double,
        default standard: Double? = nil
    ) throws(DecoderConfigurationError) -> Double {
        guard let number = try number(key) ?? standard else {
            throw .malformed("\"\(prefix + key)\" is missing")
        }
        guard number > 0, number <= limit else {
            throw .unsupported(
                setting: prefix + key,
                found: "\(number)",
                expected: "a value in (0, \(limit)]"
            )
        }
        return number
    }

    /// Refuses a text that is not one of those allowed.
    func expect(
        _ key: String,
        _ found: String,
        in allowed: [String]
    ) throws(DecoderConfigurationError) {
        guard !allowed.contains(found) else { return }
        throw .unsupported(
            setting: prefix + key,
            found: Self.printable(found),
            expected: allowed.joined(separator: " or ")
        )
    }

    /// Refuses a flag with another value; without the key it has that value.
    func expect(_ key: String, is expected: Bool) throws(DecoderConfigurationError) {
        guard try flag(key) ?? expected != expected else { return }
        throw .unsupported(setting: prefix + key, found: "\(!expected)", expected: "\(expected)")
    }

    private func wrongType(_ key: String) -> DecoderConfigurationError {
        .malformed("the value of \"\(prefix + key)\" has the wrong type")
    }

    /// At most 64 characters of ASCII, so that a file cannot write to the terminal.
    private static func printable(_ text: String) -> String {
        let kept = text.utf8.prefix(64).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: kept, as: UTF8.self)
    }
}
