import SeededRandomness

/// Finds texts that resemble an earlier one, by MinHash with banded look-up.
///
/// A text is the set of its runs of five bytes. One hash a run, dealt into 32 bins of which each keeps
/// its minimum, estimates how much two sets share (one-permutation hashing, Li, Owen and Zhang 2012);
/// empty bins borrow from the next (Shrivastava and Li 2014). Texts that agree in one of 8 bands of
/// 4 bins are compared; those that agree in 26 of 32 bins (about 80 % shared, ± 7 points) are near
/// duplicates. Pairs at 80 % are compared with probability 1 − (1 − 0.8⁴)⁸ = 0.985.
struct NearDuplicateIndex {
    private static let shingleLength = 5
    private static let bandSize = 4
    private static let binCount = 32
    private static let agreementNeeded = 26

    /// One minimum a bin, [texts × 32].
    private var signatures: [UInt32] = []
    private var bands: [[UInt64: Int]] = Array(repeating: [:], count: binCount / bandSize)

    /// Adds a text; true if it resembles one added before.
    mutating func insert(_ text: [UInt8]) -> Bool {
        let signature = Self.signature(text)
        let start = signatures.count
        var isNear = false
        for band in bands.indices {
            let key = Self.key(signature, band: band)
            if let earlier = bands[band][key] {
                isNear = isNear || agreement(signature, at: earlier) >= Self.agreementNeeded
            } else {
                bands[band][key] = start
            }
        }
        signatures.append(contentsOf: signature)
        return isNear
    }

    private static func signature(_ text: [UInt8]) -> [UInt32] {
        var bins = [UInt64](repeating: .max, count: binCount)
        var shingle: UInt64 = 0
        for index in text.indices {
            // The last five bytes; a text shorter than that is one shingle.
            shingle = (shingle << 8 | UInt64(text[index])) & 0xFF_FFFF_FFFF
            guard index >= shingleLength - 1 || index == text.count - 1 else { continue }
            let hash = mixed(shingle)
            let bin = Int(hash & UInt64(binCount - 1))
            bins[bin] = min(bins[bin], hash >> 32)
        }
        return (0..<binCount).map { bin in
            let distance = (0..<binCount).first { bins[(bin + $0) % binCount] != .max } ?? 0
            let value = UInt32(truncatingIfNeeded: bins[(bin + distance) % binCount])
            return value &+ UInt32(distance) &* 0x9E37_79B9
        }
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        SplitMix64.mixed(value &+ 0x9E37_79B9_7F4A_7C15)
    }

    private static func key(_ signature: [UInt32], band: Int) -> UInt64 {
        signature[band * bandSize..<(band + 1) * bandSize].reduce(0) { mixed($0 ^ UInt64($1)) }
    }

    private func agreement(_ signature: [UInt32], at start: Int) -> Int {
        (0..<Self.binCount).reduce(0) { $0 + (signature[$1] == signatures[start + $1] ? 1 : 0) }
    }
}
