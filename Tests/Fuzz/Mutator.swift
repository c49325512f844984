import SeededRandomness

/// Damages files: bits, bytes, integers, pieces of the format, and parts of other files.
struct Mutator {
    private let dictionary: [[UInt8]]
    private let sizeLimit: Int
    private var bits: SplitMix64

    /// Values at which arithmetic breaks.
    private static let extremes: [UInt64] = [
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
        0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max,
    ]

    /// Digits that replace a number in text.
    private static let numbers = [
        "0", "-1", "00", "1e9", "1.5", "4294967296", "9223372036854775807",
        "18446744073709551616", "99999999999999999999",
    ].map { Array($0.utf8) }

    /// A mutator whose damage depends on the seed alone.
    init(dictionary: [[UInt8]], sizeLimit: Int, seed: UInt64) {
        self.dictionary = dictionary
        self.sizeLimit = sizeLimit
        bits = SplitMix64(seed: seed)
    }

    /// A number below `bound`, which is at least 1.
    mutating func number(below bound: Int) -> Int { Int(bits.next() % UInt64(bound)) }

    /// `bytes` with one to eight damages, at most `sizeLimit` bytes.
    mutating func mutated(_ bytes: [UInt8], other: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0..<(1 << number(below: 4)) { damage(&result, other) }
        return Array(result.prefix(sizeLimit))
    }

    private mutating func damage(_ bytes: inout [UInt8], _ other: [UInt8]) {
        guard !bytes.isEmpty else {
            bytes = other
            return
        }
        let place = number(below: bytes.count)
        switch number(below: 11) {
        case 0: bytes[place] ^= 1 << number(below: 8)
        case 1: bytes[place] = UInt8(truncatingIfNeeded: bits.next())
        case 2: bytes.insert(UInt8(truncatingIfNeeded: bits.next()), at: place)
        case 3: bytes.removeSubrange(range(from: place, in: bytes))
        case 4: bytes.insert(contentsOf: bytes[range(from: place, in: bytes)], at: place)
        case 5: bytes.insert(contentsOf: piece(), at: place)
        case 6: bytes.replaceSubrange(range(from: place, in: bytes).prefix(1), with: piece())
        case 7: overwriteInteger(&bytes, at: place)
        case 8: replaceDigits(&bytes, near: place)
        case 9: bytes = Array(bytes.prefix(place))
        default:
            guard !other.isEmpty else { return }
            let part = range(from: number(below: other.count), in: other)
            bytes.replaceSubrange(range(from: place, in: bytes), with: other[part])
        }
    }

    private mutating func piece() -> [UInt8] {
        dictionary.isEmpty ? [0] : dictionary[number(below: dictionary.count)]
    }

    /// Mostly short, at times long.
    private mutating func range(from place: Int, in bytes: [UInt8]) -> Range<Int> {
        let length = 1 << number(below: number(below: 4) == 0 ? 12 : 5)
        return place..<min(bytes.count, place + 1 + number(below: length))
    }

    private mutating func overwriteInteger(_ bytes: inout [UInt8], at place: Int) {
        let value = Self.extremes[number(below: Self.extremes.count)]
        for offset in 0..<(1 << number(below: 4)) where place + offset < bytes.count {
            bytes[place + offset] = UInt8(truncatingIfNeeded: value >> UInt64(8 * offset))
        }
    }

    private mutating func replaceDigits(_ bytes: inout [UInt8], near place: Int) {
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        guard let start = bytes[place...].firstIndex(where: isDigit) else { return }
        let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: Self.numbers[number(below: Self.numbers.count)])
    }
}
