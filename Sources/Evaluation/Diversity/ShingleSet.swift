import SeededRandomness

/// A text as the set of its character 5-grams, the form in which near-duplicates are compared.
///
/// Characters are the UTF-8 bytes of the folded words joined by one space, so that case, spacing
/// and punctuation make no difference. A text shorter than five bytes is one shingle.
struct ShingleSet: Sendable {
    private static let width = 5
    /// The distinct shingle hashes, ascending.
    let hashes: [UInt64]

    init(_ text: String) {
        var bytes: [UInt8] = []
        var pendingSpace = false
        for scalar in text.unicodeScalars {
            switch ScalarKind(of: scalar) {
            case .asciiWord(let byte):
                if pendingSpace { bytes.append(0x20) }
                pendingSpace = false
                bytes.append(byte)
            case .word, .wholeWord:
                if pendingSpace { bytes.append(0x20) }
                pendingSpace = false
                bytes.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
            case .space, .separator: pendingSpace = !bytes.isEmpty
            }
        }
        hashes = Self.shingles(of: bytes)
    }

    private static func shingles(of bytes: [UInt8]) -> [UInt64] {
        guard bytes.count > width else {
            return bytes.isEmpty ? [] : [bytes.reduce(into: WordHash()) { $0.append($1) }.value]
        }
        var found: [UInt64] = []
        for start in 0...bytes.count - width {
            var packed: UInt64 = 1
            for offset in 0..<width { packed = packed << 8 | UInt64(bytes[start + offset]) }
            found.append(SplitMix64.mixed(packed))
        }
        found.sort()
        return found.indices.filter { $0 == 0 || found[$0] != found[$0 - 1] }.map { found[$0] }
    }

    /// |A ∩ B| / |A ∪ B|; 1 for two empty sets.
    func jaccard(_ other: ShingleSet) -> Double {
        var shared = 0
        var first = 0
        var second = 0
        while first < hashes.count, second < other.hashes.count {
            if hashes[first] == other.hashes[second] {
                shared += 1
                first += 1
                second += 1
            } else if hashes[first] < other.hashes[second] {
                first += 1
            } else {
                second += 1
            }
        }
        let union = hashes.count + other.hashes.count - shared
        return union == 0 ? 1 : Double(shared) / Double(union)
    }
}
