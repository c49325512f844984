/// Parses the one shape of JSON that a safetensors header may have.
///
/// Works on bytes in one pass without recursion, so that no header can exhaust the stack. Unlike
/// a general JSON reader it refuses duplicate keys, signs, fractions and exponents.
struct SafetensorsHeaderParser {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func parse() throws(SafetensorsDefect) -> (
        tensors: [SafetensorsTensor], metadata: [String: String]
    ) {
        var tensors: [SafetensorsTensor] = []
        var metadata: [String: String] = [:]
        var names: Set<[UInt8]> = []
        try object { parser, key throws(SafetensorsDefect) in
            guard names.insert(key).inserted else {
                throw .duplicateKey(CheckpointError.printable(key))
            }
            if key == Array("__metadata__".utf8) {
                metadata = try parser.metadata()
                return
            }
            guard tensors.count < SafetensorsHeader.mostTensors else {
                throw .tooManyTensors(limit: SafetensorsHeader.mostTensors)
            }
            guard key.count <= SafetensorsHeader.longestName else {
                throw .nameTooLong(bytes: key.count, limit: SafetensorsHeader.longestName)
            }
            tensors.append(try parser.tensor(named: key))
        }
        try expectEnd()
        return (tensors, metadata)
    }

    mutating func expectEnd() throws(SafetensorsDefect) {
        skipSpace()
        guard position == bytes.count else {
            throw .headerSyntax(position: position, expected: "the end of the header")
        }
    }

    /// An object of strings, each name once.
    mutating func metadata() throws(SafetensorsDefect) -> [String: String] {
        var result: [String: String] = [:]
        var names: Set<[UInt8]> = []
        try object { parser, key throws(SafetensorsDefect) in
            guard names.insert(key).inserted else {
                throw .duplicateKey(CheckpointError.printable(key))
            }
            result[String(decoding: key, as: UTF8.self)] = String(
                decoding: try parser.string(),
                as: UTF8.self
            )
        }
        return result
    }

    private mutating func tensor(
        named key: [UInt8]
    ) throws(SafetensorsDefect) -> SafetensorsTensor {
        let shown = CheckpointError.printable(key)
        var type: [UInt8]?
        var shape: [Int]?
        var offsets: [Int]?
        try object { parser, field throws(SafetensorsDefect) in
            switch (String(decoding: field, as: UTF8.self), type, shape, offsets) {
            case ("dtype", nil, _, _): type = try parser.string()
            case ("shape", _, nil, _):
                shape = try parser.numbers(atMost: SafetensorsHeader.mostDimensions, of: shown)
            case ("data_offsets", _, _, nil): offsets = try parser.numbers(atMost: 2, of: shown)
            case ("dtype", _, _, _), ("shape", _, _, _), ("data_offsets", _, _, _):
                throw .duplicateKey(CheckpointError.printable(field))
            default:
                throw .headerSyntax(
                    position: parser.position,
                    expected: "dtype, shape or data_offsets as the key"
                )
            }
        }
        guard let type else { throw .missingKey(tensor: shown, key: "dtype") }
        guard let shape else { throw .missingKey(tensor: shown, key: "shape") }
        guard let offsets, offsets.count == 2 else {
            throw .missingKey(tensor: shown, key: "data_offsets")
        }
        let typeName = CheckpointError.printable(type)
        guard let elementType = SafetensorsTensor.ElementType(rawValue: typeName) else {
            throw .unknownElementType(tensor: shown, found: typeName)
        }
        guard offsets[0] <= offsets[1] else { throw .offsetsOutOfRange(tensor: shown) }
        let needed = try Self.byteCount(shape, elementType, tensor: shown)
        guard needed == offsets[1] - offsets[0] else {
            throw .sizeMismatch(tensor: shown, needed: needed, spanned: offsets[1] - offsets[0])
        }
        return SafetensorsTensor(
            name: String(decoding: key, as: UTF8.self),
            elementType: elementType,
            shape: shape,
            bytes: offsets[0]..<offsets[1]
        )
    }

    private static func byteCount(
        _ shape: [Int],
        _ type: SafetensorsTensor.ElementType,
        tensor: String
    ) throws(SafetensorsDefect) -> Int {
        var product = type.size
        for dimension in shape {
            let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
            guard !overflow else { throw .sizeOverflow(tensor: tensor) }
            product = next
        }
        return product
    }
}

// The JSON pieces.
extension SafetensorsHeaderParser {
    /// `{ "key": value, … }`; `value` must consume the value after each key.
    mutating func object(
        _ value: (inout Self, [UInt8]) throws(SafetensorsDefect) -> Void
    ) throws(SafetensorsDefect) {
        try expect("{")
        skipSpace()
        if take("}") { return }
        repeat {
            let key = try string()
            try expect(":")
            try value(&self, key)
            skipSpace()
        } while take(",")
        try expect("}")
    }

    /// A string, or the characters of a number, `true`, `false` or `null`.
    mutating func scalar() throws(SafetensorsDefect) -> [UInt8] {
        skipSpace()
        guard position < bytes.count, bytes[position] != UInt8(ascii: "\"") else {
            return try string()
        }
        let start = position
        while position < bytes.count, bytes[position].isScalarJSON { position += 1 }
        guard position > start else {
            throw .headerSyntax(position: start, expected: "a text or a number")
        }
        return Array(bytes[start..<position])
    }

    /// `[n, …]` of unsigned decimal integers.
    private mutating func numbers(
        atMost limit: Int,
        of tensor: String
    ) throws(SafetensorsDefect) -> [Int] {
        try expect("[")
        var result: [Int] = []
        skipSpace()
        if take("]") { return result }
        repeat {
            guard result.count < limit else {
                throw .tooManyDimensions(tensor: tensor, limit: limit)
            }
            result.append(try number(of: tensor))
            skipSpace()
        } while take(",")
        try expect("]")
        return result
    }

    private mutating func number(of tensor: String) throws(SafetensorsDefect) -> Int {
        skipSpace()
        let start = position
        var value = 0
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            let (tens, first) = value.multipliedReportingOverflow(by: 10)
            let (sum, second) = tens.addingReportingOverflow(Int(bytes[position] - 0x30))
            guard !first, !second else { throw .sizeOverflow(tensor: tensor) }
            value = sum
            position += 1
        }
        let digits = position - start
        guard digits == 1 || (digits > 1 && bytes[start] != 0x30) else {
            throw .headerSyntax(position: start, expected: "an unsigned integer")
        }
        return value
    }

    /// A JSON string, escapes resolved.
    private mutating func string() throws(SafetensorsDefect) -> [UInt8] {
        try expect("\"")
        var result: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return result
            case UInt8(ascii: "\\"): result += try escape()
            case 0..<0x20:
                throw .headerSyntax(position: position - 1, expected: "no control character")
            default: result.append(byte)
            }
        }
        throw .headerSyntax(position: position, expected: "the end of a string")
    }

    private mutating func escape() throws(SafetensorsDefect) -> [UInt8] {
        guard position < bytes.count else {
            throw .headerSyntax(position: position, expected: "an escape")
        }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw .headerSyntax(position: position - 1, expected: "an escape")
        }
    }

    private mutating func unicodeEscape() throws(SafetensorsDefect) -> [UInt8] {
        let start = position
        var units = [try hexadecimal()]
        if UTF16.isLeadSurrogate(units[0]) {
            guard take("\\"), take("u") else {
                throw .headerSyntax(position: start, expected: "a pair of surrogates")
            }
            units.append(try hexadecimal())
        }
        guard let text = String(validating: units, as: UTF16.self) else {
            throw .headerSyntax(position: start, expected: "a Unicode scalar")
        }
        return Array(text.utf8)
    }

    private mutating func hexadecimal() throws(SafetensorsDefect) -> UInt16 {
        guard position + 4 <= bytes.count,
            bytes[position..<position + 4].allSatisfy({ isHexadecimal($0) }),
            let value = UInt16(
                String(decoding: bytes[position..<position + 4], as: UTF8.self),
                radix: 16
            )
        else { throw .headerSyntax(position: position, expected: "four hexadecimal digits") }
        position += 4
        return value
    }

    private func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(SafetensorsDefect) {
        skipSpace()
        guard take(character) else {
            throw .headerSyntax(position: position, expected: String(character))
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
            return false
        }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
            position += 1
        }
    }
}

extension UInt8 {
    /// Whether the character occurs in JSON's numbers and words.
    fileprivate var isScalarJSON: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self)
            || (0x61...0x7A).contains(self) || [0x2B, 0x2D, 0x2E].contains(self)
    }
}
