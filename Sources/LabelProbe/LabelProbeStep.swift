import DifferentialPrivacy
import Kernels

/// One step of a label probe: the noised, clipped sum of every unit's gradient.
///
/// DP-SGD (Abadi and others 2016, arXiv:1607.00133, Algorithm 1) on the whole corpus, of the loss
///
///     L(unit) = mean over its records of Σ_columns −ln p(label | x)
///     ∇L      = mean over its records of x ⊗ (p − y)
///
/// All columns' gradients of a unit are clipped together: one mechanism, whatever the number of columns.
struct LabelProbeStep: Sendable {
    let plan: FullBatchPlan
    let corpus: ProbeCorpus
    let parallel: ParallelFor

    /// Pieces of the corpus whose sums are made apart and added in order: a number that nothing
    /// depends on, so that the sum is the same bits for any number of threads.
    private static let pieceCount = 64

    /// The released gradient at a classifier's weights; sum and reservation are used up.
    func release(
        _ sum: consuming ClippedGradientSum,
        at classifier: LabelClassifier,
        for reservation: consuming Reservation
    ) -> PrivatizedGradient {
        // Compute each unit's gradient, clip it to norm C, and add it up: every unit takes part.
        addClippedGradients(at: classifier, to: &sum)
        // Add noise, and divide by the public number of units.
        return plan.mechanism.privatize(sum, for: reservation, parallel: parallel)
    }

    func addClippedGradients(at classifier: LabelClassifier, to sum: inout ClippedGradientSum) {
        let clipping = sum.clippingFactors
        let units = ProbeSeam.units(of: corpus)
        let pieces = parallel.map(Self.pieceCount) { piece, _ in
            let first = units.count * piece / Self.pieceCount
            let last = units.count * (piece + 1) / Self.pieceCount
            return clippedSum(of: units[first..<last], at: classifier, clipping)
        }
        sum.accumulate { buffer in
            for place in 0..<buffer.count {
                buffer[place] = Float(pieces.reduce(Double(buffer[place])) { $0 + $1[place] })
            }
        }
    }

    /// The clipped gradients of some units, added up in Double, [inputs, classes].
    private func clippedSum(
        of units: ArraySlice<Range<Int>>,
        at classifier: LabelClassifier,
        _ clipping: ClippingFactors
    ) -> [Double] {
        var sum = [Double](repeating: 0, count: classifier.weights.count)
        for records in units {
            let errors = records.map { error(of: $0, at: classifier) }
            let factor = clipping.factor(squaredNorm: squaredNorm(records, errors))
            // Left out, not multiplied by: 0 · NaN is NaN.
            guard factor > 0 else { continue }
            let share = Double(factor) / Double(records.count)
            for (record, error) in zip(records, errors) {
                add(error, ofRecord: record, times: share, to: &sum)
            }
        }
        return sum
    }

    /// p − y of a record, [classes].
    private func error(of record: Int, at classifier: LabelClassifier) -> [Double] {
        var error = corpus.inputs.withSpan(x(record)) { classifier.posterior($0) }
        let columns = classifier.columns.count
        for column in 0..<columns { error[corpus.classes[record * columns + column]] -= 1 }
        return error
    }

    /// ‖∇L‖² of a unit: the inner products of inputs times those of errors, over all its pairs of records.
    private func squaredNorm(_ records: Range<Int>, _ errors: [[Double]]) -> Double {
        var sum = 0.0
        for (a, first) in records.enumerated() {
            for (b, second) in records.enumerated() where b <= a {
                let inputs = innerProduct(first, second)
                let product = inputs * zip(errors[a], errors[b]).reduce(0) { $0 + $1.0 * $1.1 }
                sum += a == b ? product : 2 * product
            }
        }
        let count = Double(max(records.count, 1))
        return max(sum, 0) / (count * count)
    }

    private func innerProduct(_ first: Int, _ second: Int) -> Double {
        corpus.inputs.withSpan(x(first)) { first in
            corpus.inputs.withSpan(x(second)) { second in
                var sum = 0.0
                for place in first.indices { sum += Double(first[place]) * Double(second[place]) }
                return sum
            }
        }
    }

    /// Adds `share` · x ⊗ error.
    private func add(
        _ error: [Double],
        ofRecord record: Int,
        times share: Double,
        to sum: inout [Double]
    ) {
        corpus.inputs.withSpan(x(record)) { x in
            for input in x.indices {
                let value = share * Double(x[input])
                let start = input * error.count
                for place in error.indices { sum[start + place] += value * error[place] }
            }
        }
    }

    /// Where x of a record lies.
    private func x(_ record: Int) -> Range<Int> {
        record * corpus.inputCount..<(record + 1) * corpus.inputCount
    }
}
