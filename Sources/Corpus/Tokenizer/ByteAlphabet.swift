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
