import Foundation
import Corpus

/// Multinomial logistic regression for several label columns at once.
///
///     p(class k of column c | x) = exp⟨w_k, x⟩ / Σ_{l of c} exp⟨w_l, x⟩
///
/// All columns read the same inputs; values are taken as classes, numbers among them.
package struct LabelClassifier: Sendable, Equatable {
    /// The length of x.
    let inputCount: Int
    /// The classes of each label column among all classes.
    let columns: [Range<Int>]
    /// w, [inputs, classes].
    var weights: [Double]

    /// How many classes all columns have.
    var classCount: Int { columns.last?.upperBound ?? 0 }

    /// Zero weights: every value of a column is equally likely.
    init(inputCount: Int, labels: LabelSet) {
        var columns: [Range<Int>] = []
        for values in labels.values {
            let start = columns.last?.upperBound ?? 0
            columns.append(start..<start + values.count)
        }
        self.inputCount = inputCount
        self.columns = columns
        weights = [Double](repeating: 0, count: inputCount * (columns.last?.upperBound ?? 0))
    }

    /// The probabilities of all classes, those of each column adding up to 1.
    ///
    /// - Parameter x: [inputs].
    /// - Returns: [classes].
    func posterior(_ x: Span<Float>) -> [Double] {
        var scores = [Double](repeating: 0, count: classCount)
        score(x, into: &scores)
        return scores
    }

    /// The same, into memory that is there.
    func score(_ x: Span<Float>, into scores: inout [Double]) {
        for place in scores.indices { scores[place] = 0 }
        for input in 0..<inputCount {
            let value = Double(x[input])
            let start = input * scores.count
            for place in scores.indices { scores[place] += value * weights[start + place] }
        }
        for column in columns { Self.normalize(column, of: &scores) }
    }

    private static func normalize(_ column: Range<Int>, of scores: inout [Double]) {
        var largest = -Double.infinity
        for place in column { largest = max(largest, scores[place]) }
        var sum = 0.0
        for place in column {
            scores[place] = exp(scores[place] - largest)
            sum += scores[place]
        }
        for place in column { scores[place] /= sum }
    }
}
