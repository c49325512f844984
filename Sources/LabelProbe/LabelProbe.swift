package import Corpus
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
