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
        let sets = try parallel.map((texts.count + 255) / 256) { block in
            texts[block * 256..<min(texts.count, (block + 1) * 256)].map { text in
                let set = ShingleSet(text)
                return (set, Self.bands(of: set))
            }
        }.flatMap { $0 }
        self.sets = sets.map(\.0)
        bands = sets.map(\.1)
        buckets = try parallel.map(Self.bandCount) { band in
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
        let counts = try parallel.map((count + 255) / 256) { block in
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
