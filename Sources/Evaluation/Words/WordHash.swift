import SeededRandomness

/// The hash of a word whose bytes arrive one at a time (FNV-1a, then mixed).
struct WordHash {
    private static let start: UInt64 = 0xCBF2_9CE4_8422_2325
    private var state = WordHash.start
    private var isEmpty = true

    /// The hash of the bytes so far.
    var value: UInt64 { SplitMix64.mixed(state) }

    @inline(__always) mutating func append(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        isEmpty = false
    }

    mutating func append(lowercased scalar: Unicode.Scalar) {
        for byte in scalar.properties.lowercaseMapping.utf8 { append(byte) }
    }

    mutating func append(verbatim scalar: Unicode.Scalar) {
        for byte in UTF8.encode(scalar).map(Array.init) ?? [] { append(byte) }
    }

    /// Ends the word, if any bytes came, and starts the next.
    mutating func finish(into hashes: inout [UInt64]) {
        guard !isEmpty else { return }
        hashes.append(value)
        self = WordHash()
    }
}
