import SeededRandomness

/// Counts of hashed word 1-grams and 2-grams, one sparse row a text.
///
/// A word is a maximal run of letters, digits and underscores, case-folded (`WordHashes.folded`),
/// one-letter words included. An n-gram's bucket is the top `bits` bits of its 64-bit hash, without
/// sign; 2²¹ buckets keep collisions of 300,000 distinct n-grams near 7 % of them, and colliding
/// n-grams share a weight (Weinberger et al. 2009, arXiv:0902.2206).
package enum HashedNGrams {
    /// Buckets are numbered in `0..<(1 << bits)`.
    package static let bits = 21

    /// The n-gram counts of texts given as folded word hashes, [texts, 2²¹], sparse.
    package static func counts(of texts: [[UInt64]]) -> SparseRows {
        var rows = SparseRows()
        var buckets: [Int32] = []
        for words in texts {
            buckets.removeAll(keepingCapacity: true)
            for (index, word) in words.enumerated() {
                buckets.append(bucket(SplitMix64.mixed(word)))
                if index > 0 { buckets.append(bucket(WordHashes.joined(words[index - 1], word))) }
            }
            buckets.sort()
            appendRuns(of: buckets, to: &rows)
        }
        return rows
    }

    private static func bucket(_ hash: UInt64) -> Int32 {
        Int32(truncatingIfNeeded: hash >> UInt64(64 - bits))
    }

    private static func appendRuns(of sorted: [Int32], to rows: inout SparseRows) {
        var index = 0
        while index < sorted.count {
            var end = index + 1
            while end < sorted.count, sorted[end] == sorted[index] { end += 1 }
            rows.columns.append(sorted[index])
            rows.values.append(Float(end - index))
            index = end
        }
        rows.endRow()
    }
}
