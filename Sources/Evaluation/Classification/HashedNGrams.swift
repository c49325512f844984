import Foundation
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

/// Rows of a sparse matrix, stored one after another.
///
/// Row r owns the entries `starts[r]..<starts[r + 1]` of `columns` and `values`; its columns are
/// distinct.
package struct SparseRows: Sendable {
    /// Where each row's entries begin, [rows + 1].
    package internal(set) var starts: [Int] = [0]
    /// The column of each entry.
    package internal(set) var columns: [Int32] = []
    /// The value of each entry.
    package internal(set) var values: [Float] = []

    /// The number of rows.
    package var count: Int { starts.count - 1 }

    /// The entries of one row.
    func entries(of row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }

    /// The rows `members` only, in that order.
    func selecting(_ members: [Int]) -> SparseRows {
        var chosen = SparseRows()
        for row in members {
            chosen.columns += columns[entries(of: row)]
            chosen.values += values[entries(of: row)]
            chosen.endRow()
        }
        return chosen
    }

    mutating func endRow() { starts.append(columns.count) }
}

/// TF-IDF weighting fitted to the training texts of one classifier.
///
///     value(t, d) = (1 + ln count(t, d)) · (1 + ln((1 + n) / (1 + df(t)))),  rows scaled to L2 norm 1
///
/// The smoothed form of scikit-learn's `TfidfTransformer(sublinear_tf=True)`; n-grams that no
/// training text has are dropped before the norm is taken. A text without known n-grams is a row of
/// zeros, which the classifier decides by its intercepts.
package struct InverseDocumentFrequency: Sendable {
    /// The column of each bucket, −1 for those unseen, [buckets].
    private var columnOfBucket: [Int32]
    /// The weight of each column, [columns].
    private var weights: [Float]

    /// The number of distinct buckets seen in training.
    package var columnCount: Int { weights.count }

    /// Fits the weights to the rows `members` of `counts`; a row listed twice counts twice.
    package init(counts: SparseRows, members: [Int]) {
        var columns = [Int32](repeating: -1, count: 1 << HashedNGrams.bits)
        var documents: [Float] = []
        for row in members {
            for entry in counts.entries(of: row) {
                let bucket = Int(counts.columns[entry])
                if columns[bucket] < 0 {
                    columns[bucket] = Int32(documents.count)
                    documents.append(0)
                }
                documents[Int(columns[bucket])] += 1
            }
        }
        let total = Double(members.count)
        columnOfBucket = columns
        weights = documents.map { Float(1 + log((1 + total) / (1 + Double($0)))) }
    }

    /// The weighted, normalised rows `members` of `counts`, [members, columns], sparse.
    package func weighted(_ counts: SparseRows, members: [Int]) -> SparseRows {
        var rows = SparseRows()
        for row in members {
            let first = rows.values.count
            var squares: Float = 0
            for entry in counts.entries(of: row) {
                let column = columnOfBucket[Int(counts.columns[entry])]
                guard column >= 0 else { continue }
                let value = (1 + log(counts.values[entry])) * weights[Int(column)]
                rows.columns.append(column)
                rows.values.append(value)
                squares += value * value
            }
            let scale = squares > 0 ? 1 / squares.squareRoot() : 0
            for entry in first..<rows.values.count { rows.values[entry] *= scale }
            rows.endRow()
        }
        return rows
    }
}
