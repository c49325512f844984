import Foundation

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
