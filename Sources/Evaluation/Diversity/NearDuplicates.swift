package import Kernels
import SeededRandomness

/// Near-duplicate texts: pairs whose character 5-gram sets have a Jaccard similarity of 0.8 or more.
///
/// Candidates come from MinHash with locality-sensitive banding (Broder 1997; 20 bands of 4 of 80
/// hashes), and each candidate is verified by its exact similarity, so there are no false alarms. A
/// pair at 0.8 is missed with probability (1 − 0.8⁴)²⁰ < 3e-5, a closer one less often; of more than 32
/// texts that share a band only the first 32 are compared with each, so many copies of one phrase may
/// hide a few of its neighbours.
package struct NearDuplicates: Sendable {
    /// The similarity from which two texts count as near-duplicates.
    package static let threshold = 0.8
    private static let bandCount = 20
    private static let bandWidth = 4
    /// Candidates verified per text and band, so that one phrase repeated ten thousand times does
    /// not cost its square.
    private static let candidateLimit = 32

    /// One odd multiplier per hash function.
    private static let multipliers = (0..<UInt64(bandCount * bandWidth)).map {
        SplitMix64.mixed($0 &+ 1) | 1
    }

    private let sets: [ShingleSet]
    private let bands: [[UInt64]]
    private let buckets: [[UInt64: [Int]]]

    /// Indexes `texts`.
    package init(_ texts: [String], parallel: ParallelFor) throws {
        let sets = parallel.map((texts.count + 255) / 256) { block, _ in
            texts[block * 256..<min(texts.count, (block + 1) * 256)].map { text in
                let set = ShingleSet(text)
                return (set, Self.bands(of: set))
            }
        }.flatMap { $0 }
        self.sets = sets.map(\.0)
        bands = sets.map(\.1)
        buckets = parallel.map(Self.bandCount) { band, _ in
            var table: [UInt64: [Int]] = [:]
            for (index, entry) in sets.enumerated() {
                table[entry.1[band], default: []].append(index)
            }
            return table
        }
    }

    /// The share of texts that have a near-duplicate among the others, in [0, 1].
    package func shareWithin(parallel: ParallelFor) throws -> Double {
        try share(of: sets.count, parallel: parallel) { index in
            hasMatch(for: sets[index], bands: bands[index], except: index)
        }
    }

    /// The share of the texts of `other` that have a near-duplicate here, in [0, 1].
    package func share(of other: NearDuplicates, parallel: ParallelFor) throws -> Double {
        try share(of: other.sets.count, parallel: parallel) { index in
            hasMatch(for: other.sets[index], bands: other.bands[index], except: nil)
        }
    }

    private func share(
        of count: Int,
        parallel: ParallelFor,
        _ isMatched: @Sendable (Int) -> Bool
    ) throws -> Double {
        guard count > 0 else { return 0 }
        let counts = parallel.map((count + 255) / 256) { block, _ in
            (block * 256..<min(count, (block + 1) * 256)).count { isMatched($0) }
        }
        return Double(counts.reduce(0, +)) / Double(count)
    }

    private func hasMatch(for set: ShingleSet, bands: [UInt64], except own: Int?) -> Bool {
        for band in 0..<Self.bandCount {
            guard let bucket = buckets[band][bands[band]] else { continue }
            for candidate in bucket.prefix(Self.candidateLimit) where candidate != own {
                if sets[candidate].jaccard(set) >= Self.threshold { return true }
            }
        }
        return false
    }

    private static func bands(of set: ShingleSet) -> [UInt64] {
        let multipliers = multipliers
        var smallest = [UInt64](repeating: .max, count: bandCount * bandWidth)
        for hash in set.hashes {
            for index in smallest.indices {
                let value = (hash ^ (hash >> 29)) &* multipliers[index]
                smallest[index] = min(smallest[index], value ^ (value >> 32))
            }
        }
        return (0..<bandCount).map { band in
            smallest[band * bandWidth..<(band + 1) * bandWidth].reduce(UInt64(band)) {
                WordHashes.joined($0, $1)
            }
        }
    }
}

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

/// Texts that occur more than once, byte for byte.
package enum ExactDuplicates {
    /// The share of texts that repeat an earlier one: 1 − different texts / texts; 0 for no texts.
    package static func share(of texts: [String]) -> Double {
        guard !texts.isEmpty else { return 0 }
        // Bytes, not canonical equivalence: the files are compared, not their meaning.
        let different = Set(texts.map { Array($0.utf8) }).count
        return 1 - Double(different) / Double(texts.count)
    }
}
