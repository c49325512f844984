/// A JSON value whose strings are bytes and whose numbers are as they were spelled.
///
/// Foundation's JSON types go through `String`, where keys that differ only by canonical
/// equivalence are one key, and keep one of two duplicate keys without saying so.
enum JSONValue: Equatable, Sendable {
    /// Members in the order of the text; no key occurs twice.
    case object([(key: [UInt8], value: JSONValue)])
    case array([JSONValue])
    case string([UInt8])
    /// The number's literal, such as `5.0`.
    case number([UInt8])
    case bool(Bool)
    case null

    static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.object(let a), .object(let b)):
            a.elementsEqual(b) { $0.key == $1.key && $0.value == $1.value }
        case (.array(let a), .array(let b)): a == b
        case (.string(let a), .string(let b)), (.number(let a), .number(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        case (.null, .null): true
        default: false
        }
    }

    /// The member of that name, if this is an object that has one.
    subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        let wanted = Array(key.utf8)
        return members.first { $0.key == wanted }?.value
    }

    /// A string's bytes, a number's literal or a truth value's name; nil for anything else.
    var scalarText: [UInt8]? {
        switch self {
        case .string(let bytes), .number(let bytes): bytes
        case .bool(let value): Array((value ? "true" : "false").utf8)
        case .object, .array, .null: nil
        }
    }

    /// The number as an integer, if it is one that fits.
    var integer: Int? {
        guard case .number(let literal) = self else { return nil }
        return Int(String(decoding: literal, as: UTF8.self))
    }
}

/// Writes strings as JSON.
enum JSONText {
    /// Appends a quoted JSON string; the bytes must be UTF-8.
    static func appendString(_ bytes: [UInt8], to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0x0A: output.append(contentsOf: "\\n".utf8)
            case 0x0D: output.append(contentsOf: "\\r".utf8)
            case 0x09: output.append(contentsOf: "\\t".utf8)
            case 0..<0x20, 0x7F:
                let digits = String(byte, radix: 16)
                output.append(contentsOf: "\\u00\(byte < 0x10 ? "0" : "")\(digits)".utf8)
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
