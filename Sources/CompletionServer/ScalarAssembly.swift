/// Puts bytes that come piece by piece together to whole Unicode scalars.
///
/// All pieces together are what decoding all bytes at once gives: what is no UTF-8 becomes U+FFFD.
struct ScalarAssembly: Sendable {
    /// A scalar that may yet become complete, at most 3 bytes.
    private var rest: [UInt8] = []

    /// Takes the next bytes.
    ///
    /// - Returns: The scalars that are complete, in UTF-8.
    mutating func append(_ bytes: [UInt8]) -> [UInt8] {
        rest += bytes
        let count = Self.completeCount(rest)
        defer { rest.removeFirst(count) }
        return Self.repaired(rest.prefix(count))
    }

    /// What is left, now that no more comes.
    mutating func end() -> [UInt8] {
        defer { rest = [] }
        return Self.repaired(rest[...])
    }

    private static func repaired(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        Array(String(decoding: bytes, as: UTF8.self).utf8)
    }

    /// How many bytes stand before a scalar at the end that lacks some of its bytes.
    ///
    /// Decoding starts anew at every byte that may be a scalar's first, so cutting there changes nothing.
    private static func completeCount(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let place = bytes.count - length
            switch bytes[place] {
            case 0x80...0xBF: continue
            case 0xC2...0xDF: return length < 2 ? place : bytes.count
            case 0xE0...0xEF: return length < 3 ? place : bytes.count
            case 0xF0...0xF4: return length < 4 ? place : bytes.count
            default: return bytes.count
            }
        }
        return bytes.count
    }
}
