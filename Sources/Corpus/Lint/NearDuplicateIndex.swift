/// Finds texts that resemble an earlier one, by MinHash (Broder 1997) with banded look-up.
///
/// A text is the set of its runs of five bytes; 32 minimum hashes estimate how much of two sets is shared.
/// Texts that agree in one of 8 bands of 4 hashes are compared; those that agree in 26 of 32 hashes
/// (about 80 % shared, ± 7 points) are near duplicates. Pairs at 80 % are compared with probability
/// 1 − (1 − 0.8⁴)⁸ = 0.985.
struct NearDuplicateIndex {
    private static let shingleLength = 5
    private static let bandSize = 4
    private static let hashCount = 32
    private static let agreementNeeded = 26

    private var signatures: [SIMD32<UInt32>] = []
    private var bands: [[UInt64: Int32]] = Array(repeating: [:], count: hashCount / bandSize)

    /// An odd factor and a summand for each of the hashes.
    private static let factors = SIMD32<UInt32>(
        (0..<UInt32(hashCount)).map { ($0 &* 0x9E37_79B9 &+ 0x85EB_CA6B) | 1 }
    )
    private static let summands = SIMD32<UInt32>(
        (0..<UInt32(hashCount)).map { ($0 &+ 1) &* 0xC2B2_AE35 }
    )

    /// Adds a text; true if it resembles one added before.
    mutating func insert(_ text: [UInt8]) -> Bool {
        let signature = Self.signature(text)
        let number = Int32(signatures.count)
        var isNear = false
        for band in bands.indices {
            let key = Self.key(signature, band: band)
            if let earlier = bands[band][key] {
                isNear =
                    isNear
                    || Self.agreement(signature, signatures[Int(earlier)]) >= Self.agreementNeeded
            } else {
                bands[band][key] = number
            }
        }
        signatures.append(signature)
        return isNear
    }

    private static func signature(_ text: [UInt8]) -> SIMD32<UInt32> {
        var minimum = SIMD32<UInt32>(repeating: .max)
        for start in 0...max(0, text.count - shingleLength) {
            var shingle: UInt64 = 0
            for byte in text[start..<min(start + shingleLength, text.count)] {
                shingle = shingle << 8 | UInt64(byte)
            }
            shingle &*= 0x9E37_79B9_7F4A_7C15
            let hash = SIMD32<UInt32>(repeating: UInt32(truncatingIfNeeded: shingle >> 32))
            var mixed = hash &* factors &+ summands
            mixed ^= mixed &>> 15
            mixed = mixed &* SIMD32(repeating: 0x2C1B_3C6D)
            mixed ^= mixed &>> 12
            minimum = pointwiseMin(minimum, mixed)
        }
        return minimum
    }

    private static func key(_ signature: SIMD32<UInt32>, band: Int) -> UInt64 {
        var key: UInt64 = 0xCBF2_9CE4_8422_2325
        for offset in 0..<bandSize {
            key = (key ^ UInt64(signature[band * bandSize + offset])) &* 0x100_0000_01B3
            key ^= key >> 32
        }
        return key
    }

    private static func agreement(_ a: SIMD32<UInt32>, _ b: SIMD32<UInt32>) -> Int {
        (0..<hashCount).reduce(0) { $0 + (a[$1] == b[$1] ? 1 : 0) }
    }
}
