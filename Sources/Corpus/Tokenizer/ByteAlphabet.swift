/// The printable characters that stand for the 256 bytes in `vocab.json` and `merges.txt`.
///
/// Printable Latin-1 bytes stand for themselves; the other 68 are U+0100, U+0101, … in the order of
/// the bytes (Radford et al. 2019, GPT-2). A token id below 256 of a vocabulary trained here is
/// the byte's place in `bytes`, which is also GPT-2's own order.
enum ByteAlphabet {
    /// The byte of each of the 256 characters, in the order of their scalars.
    static let bytes: [UInt8] = printable + (0...255).filter { !printable.contains($0) }

    /// The scalar that stands for each byte.
    static let scalars: [UInt32] = {
        var scalars = [UInt32](repeating: 0, count: 256)
        var next: UInt32 = 0x100
        for byte in bytes {
            if printable.contains(byte) {
                scalars[Int(byte)] = UInt32(byte)
            } else {
                scalars[Int(byte)] = next
                next += 1
            }
        }
        return scalars
    }()

    private static let printable: [UInt8] =
        Array(0x21...0x7E) + Array(0xA1...0xAC) + Array(0xAE...0xFF)

    private static let byteOfScalar: [UInt8?] = {
        var table = [UInt8?](repeating: nil, count: 0x144)
        for (byte, scalar) in scalars.enumerated() { table[Int(scalar)] = UInt8(byte) }
        return table
    }()

    /// The bytes that a token of `vocab.json` stands for, or nil if a character is none of the 256.
    static func decode(_ characters: [UInt8]) -> [UInt8]? {
        let span = characters.span
        var result: [UInt8] = []
        result.reserveCapacity(characters.count)
        var index = 0
        while index < characters.count {
            guard let (value, length) = UTF8Scan.scalar(in: span, at: index),
                Int(value) < byteOfScalar.count, let byte = byteOfScalar[Int(value)]
            else { return nil }
            result.append(byte)
            index += length
        }
        return result
    }

    /// The characters, in UTF-8, that stand for the bytes.
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count * 2)
        for byte in bytes { UTF8Scan.append(scalars[Int(byte)], to: &result) }
        return result
    }
}

/// Strict UTF-8 decoding, one scalar at a time, over raw bytes.
enum UTF8Scan {
    /// The scalar at `index` and its length in bytes, or nil where the bytes are not UTF-8.
    ///
    /// Overlong forms, surrogates, values above U+10FFFF and truncated sequences are not UTF-8.
    static func scalar(in bytes: Span<UInt8>, at index: Int) -> (value: UInt32, length: Int)? {
        let first = UInt32(bytes[index])
        if first < 0x80 { return (first, 1) }
        return multibyteScalar(in: bytes, at: index, first: first)
    }

    private static func multibyteScalar(
        in bytes: Span<UInt8>,
        at index: Int,
        first: UInt32
    ) -> (value: UInt32, length: Int)? {
        let length: Int
        var value: UInt32
        switch first {
        case 0xC2...0xDF: (length, value) = (2, first & 0x1F)
        case 0xE0...0xEF: (length, value) = (3, first & 0x0F)
        case 0xF0...0xF4: (length, value) = (4, first & 0x07)
        default: return nil
        }
        guard length <= bytes.count - index else { return nil }
        for offset in 1..<length {
            let next = UInt32(bytes[index + offset])
            guard next & 0xC0 == 0x80 else { return nil }
            value = value << 6 | next & 0x3F
        }
        let smallest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        guard value >= smallest, value <= 0x10FFFF, !(0xD800...0xDFFF).contains(value) else {
            return nil
        }
        return (value, length)
    }

    /// Whether all the bytes are UTF-8.
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            guard let scalar = scalar(in: bytes, at: index) else { return false }
            index += scalar.length
        }
        return true
    }

    /// The bytes with each byte that is not UTF-8 replaced by U+FFFD; valid text is unchanged.
    static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        let span = bytes.span
        if isValid(span) { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 16)
        var index = 0
        while index < bytes.count {
            if let scalar = scalar(in: span, at: index) {
                result.append(contentsOf: bytes[index..<index + scalar.length])
                index += scalar.length
            } else {
                result.append(contentsOf: replacement)
                index += 1
            }
        }
        return result
    }

    /// U+FFFD in UTF-8.
    static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// Appends the scalar's UTF-8 bytes; a surrogate or a value above U+10FFFF becomes U+FFFD.
    static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
