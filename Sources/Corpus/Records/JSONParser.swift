/// A strict JSON parser over bytes (RFC 8259) with a depth cap and without duplicate keys.
///
/// | input                      | result                                          |
/// | lone surrogate `\ud800`    | U+FFFD, as `tiktoken` does                      |
/// | `\u0000`                   | a NUL byte of the string                        |
/// | number of any size         | its literal; nothing overflows                  |
/// | `NaN`, `-Infinity`         | null, as a data frame means it                  |
/// | bytes that are not UTF-8   | `JSONError.Problem.notUTF8`                     |
/// | 33 nested arrays           | `JSONError.Problem.tooDeep`                     |
struct JSONParser {
    private let bytes: [UInt8]
    private var index = 0

    /// Values may be nested this deep.
    static let depthLimit = 32

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The value that the bytes spell; white space around it is allowed, nothing else.
    static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        guard UTF8Scan.isValid(bytes.span) else { throw JSONError(problem: .notUTF8, offset: 0) }
        var parser = JSONParser(bytes)
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.index == bytes.count else { throw parser.failure(.syntax) }
        return value
    }

    private func failure(_ problem: JSONError.Problem) -> JSONError {
        JSONError(problem: problem, offset: index)
    }

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            index += 1
        }
    }

    /// Skips white space and the byte, if it comes next.
    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        skipSpace()
        guard current == UInt8(ascii: byte) else { return false }
        index += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        skipSpace()
        guard depth <= Self.depthLimit else { throw failure(.tooDeep) }
        switch current {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        // No JSON, but what Python's json and pandas write for a missing number.
        case UInt8(ascii: "N"): return try literal("NaN", .null)
        case UInt8(ascii: "I"): return try literal("Infinity", .null)
        case UInt8(ascii: "-") where bytes[index...].starts(with: "-Infinity".utf8):
            return try literal("-Infinity", .null)
        default: return .number(try number())
        }
    }

    private mutating func literal(
        _ word: String,
        _ value: JSONValue
    ) throws(JSONError) -> JSONValue {
        for byte in word.utf8 {
            guard current == byte else { throw failure(.syntax) }
            index += 1
        }
        return value
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        index += 1
        var elements: [JSONValue] = []
        if take("]") { return .array(elements) }
        repeat { elements.append(try value(depth: depth + 1)) } while take(",")
        guard take("]") else { throw failure(.syntax) }
        return .array(elements)
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        index += 1
        var members: [(key: [UInt8], value: JSONValue)] = []
        var keys: Set<[UInt8]> = []
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            let key = try string()
            guard keys.insert(key).inserted else { throw failure(.duplicateKey) }
            guard take(":") else { throw failure(.syntax) }
            members.append((key, try value(depth: depth + 1)))
        } while take(",")
        guard take("}") else { throw failure(.syntax) }
        return .object(members)
    }

    private mutating func number() throws(JSONError) -> [UInt8] {
        let start = index
        if current == UInt8(ascii: "-") { index += 1 }
        if current == UInt8(ascii: "0") { index += 1 } else { try digits() }
        if current == UInt8(ascii: ".") {
            index += 1
            try digits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            index += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { index += 1 }
            try digits()
        }
        return Array(bytes[start..<index])
    }

    private mutating func digits() throws(JSONError) {
        let start = index
        while let byte = current, (0x30...0x39).contains(byte) { index += 1 }
        guard index > start else { throw failure(.syntax) }
    }

    private mutating func string() throws(JSONError) -> [UInt8] {
        guard current == UInt8(ascii: "\"") else { throw failure(.syntax) }
        index += 1
        var result: [UInt8] = []
        while let byte = current {
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return result
            case UInt8(ascii: "\\"): try escape(into: &result)
            case 0..<0x20: throw failure(.syntax)
            default: result.append(byte)
            }
        }
        throw failure(.syntax)
    }

    private mutating func escape(into result: inout [UInt8]) throws(JSONError) {
        guard let byte = current else { throw failure(.syntax) }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"): UTF8Scan.append(try escapedScalar(), to: &result)
        default: throw failure(.syntax)
        }
    }

    /// The scalar after `\u`, two escapes joined if they are a surrogate pair.
    private mutating func escapedScalar() throws(JSONError) -> UInt32 {
        let first = try hexadecimal()
        guard (0xD800..<0xDC00).contains(first), index + 1 < bytes.count,
            bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
        else { return first }
        let beforeSecond = index
        index += 2
        let second = try hexadecimal()
        guard (0xDC00..<0xE000).contains(second) else {
            index = beforeSecond
            return first
        }
        return 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Self.digit(byte) else { throw failure(.syntax) }
            value = value << 4 | digit
            index += 1
        }
        return value
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte) - 0x30
        case 0x41...0x46: UInt32(byte) - 0x41 + 10
        case 0x61...0x66: UInt32(byte) - 0x61 + 10
        default: nil
        }
    }
}

/// Where and why a text is not JSON.
///
/// Quotes nothing of the text.
struct JSONError: Error, Equatable, Sendable {
    /// What was wrong.
    enum Problem: String, Sendable {
        case syntax = "not JSON"
        case tooDeep = "nested too deeply"
        case duplicateKey = "a key occurs twice in one object"
        case notUTF8 = "not UTF-8"
    }

    /// What was wrong.
    let problem: Problem
    /// The byte at which it was noticed.
    let offset: Int
}
