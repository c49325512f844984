package import Corpus
import Foundation
package import Kernels
package import LanguageModel

/// A classifier of texts by their labels, on frozen features of a run's own model.
///
/// All of it comes from releases that the run's ledger counts, so applying it is post-processing.
package struct LabelProbe: Sendable {
    /// The label columns and their values.
    package let labels: LabelSet
    let states: PooledStates
    let whitening: FeatureWhitening
    let classifier: LabelClassifier

    /// Puts a probe together.
    package init(
        labels: LabelSet,
        states: PooledStates,
        whitening: FeatureWhitening,
        classifier: LabelClassifier
    ) {
        precondition(
            classifier.inputCount == whitening.inputCount,
            "a classifier of \(classifier.inputCount) inputs for \(whitening.inputCount)"
        )
        self.labels = labels
        self.states = states
        self.whitening = whitening
        self.classifier = classifier
    }

    /// How likely each value of each column is for a text.
    package struct Posterior: Sendable, Equatable {
        /// The probabilities of the values of each column, [columns][values].
        package let columns: [[Double]]

        /// States probabilities.
        package init(columns: [[Double]]) { self.columns = columns }

        /// The likeliest value of each column; the first among equals.
        package var likeliest: [Int] {
            columns.map { values in
                values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
            }
        }

        /// The probability of one value a column, columns taken as independent.
        package func probability(of values: [Int]) -> Double {
            zip(columns, values).reduce(1) { $0 * $1.0[$1.1] }
        }

        /// A value of each column, drawn from its probabilities.
        package func drawn(using generator: inout some RandomNumberGenerator) -> [Int] {
            columns.map { values in
                var rest = Double.random(in: 0..<1, using: &generator)
                for (place, value) in values.enumerated() {
                    if rest < value { return place }
                    rest -= value
                }
                return values.count - 1
            }
        }
    }

    /// The posterior of each text, of its tokens without labels and end-of-text.
    ///
    /// It depends on no other text.
    package func posteriors(of texts: [[Int32]], parallel: ParallelFor) -> [Posterior] {
        let features = states(texts, parallel: parallel)
        return texts.indices.map { text in
            let all = classifier.posterior(whitening(features.row(text)).span)
            return Posterior(columns: classifier.columns.map { Array(all[$0]) })
        }
    }
}

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

/// How a label probe is trained, apart from its privacy plan: public constants, fixed beforehand.
///
/// The defaults are measured, see `experiments/label-probe`.
package struct LabelProbeSettings: Codable, Sendable, Equatable {
    /// How many directions of the features are kept.
    package var directions = 100
    /// p: 0 keeps the variances of directions as they are, 1 makes them equal.
    package var power = 0.75
    /// c, the constant input, where other inputs have a root mean square length of 1.
    package var constant = 0.3
    /// Step length of gradient descent.
    package var learningRate = 1.0
    /// The share of the last step's velocity that is kept.
    package var momentum = 0.9
    /// Texts drawn from the final model to whiten by.
    package var syntheticTexts = 2_000

    private enum CodingKeys: String, CodingKey {
        case directions, power, constant, momentum
        case learningRate = "learning_rate"
        case syntheticTexts = "synthetic_texts"
    }

    /// The defaults.
    package init() {}

    /// T where nothing is said.
    package static let steps = 100
}
