import Foundation

/// The regularised mean loss of a multinomial logistic regression.
///
///     f(W, b) = (1/n) Σᵢ −log softmax(W xᵢ + b)[yᵢ] + ‖W‖² / (2 C n)
///
/// scikit-learn's `LogisticRegression(C=C)` objective divided by C·n; intercepts are not penalised.
/// Parameters lie feature by feature: [columns, classes], then the intercepts, [classes].
struct LogisticObjective {
    let rows: SparseRows
    /// The class of each row, in `0..<classCount`.
    let labels: [Int]
    let columnCount: Int
    let classCount: Int
    /// C of the formula: larger means less regularisation.
    var inverseRegularization: Double

    var parameterCount: Int { (columnCount + 1) * classCount }

    /// f at `point`; `gradient` receives its derivative, nats per parameter.
    func evaluate(_ point: [Double], gradient: inout [Double]) -> Double {
        let penalty = 1 / (inverseRegularization * Double(rows.count))
        let intercepts = columnCount * classCount
        var squares = 0.0
        for index in 0..<intercepts {
            gradient[index] = penalty * point[index]
            squares += point[index] * point[index]
        }
        for index in intercepts..<parameterCount { gradient[index] = 0 }
        var loss = 0.0
        var scores = [Double](repeating: 0, count: classCount)
        for row in 0..<rows.count {
            Self.score(rows, row: row, parameters: point, into: &scores)
            loss += Self.normalize(&scores, correct: labels[row])
            scores[labels[row]] -= 1
            addOuterProduct(row: row, residual: scores, to: &gradient)
        }
        return loss / Double(rows.count) + penalty * squares / 2
    }

    /// The diagonal of f's second derivative at zero, where every class is equally likely.
    func diagonal() -> [Double] {
        let spread = (1 - 1 / Double(classCount)) / Double(classCount)
        let penalty = 1 / (inverseRegularization * Double(rows.count))
        var values = [Double](repeating: penalty, count: columnCount * classCount)
        values += [Double](repeating: spread, count: classCount)
        let weight = spread / Double(rows.count)
        for entry in rows.columns.indices {
            let base = Int(rows.columns[entry]) * classCount
            let term = weight * Double(rows.values[entry]) * Double(rows.values[entry])
            for index in 0..<classCount { values[base + index] += term }
        }
        return values
    }

    /// The scores W x + b of one row, [classes].
    static func score(
        _ rows: SparseRows,
        row: Int,
        parameters: [Double],
        into scores: inout [Double]
    ) {
        let classes = scores.count
        let intercepts = parameters.count - classes
        for index in 0..<classes { scores[index] = parameters[intercepts + index] }
        for entry in rows.entries(of: row) {
            let value = Double(rows.values[entry])
            let base = Int(rows.columns[entry]) * classes
            for index in 0..<classes { scores[index] += value * parameters[base + index] }
        }
    }

    /// Turns scores into probabilities; returns −log of the correct class's, in nats.
    private static func normalize(_ scores: inout [Double], correct: Int) -> Double {
        let top = scores.max() ?? 0
        let margin = top - scores[correct]
        var total = 0.0
        for index in 0..<scores.count {
            scores[index] = exp(scores[index] - top)
            total += scores[index]
        }
        for index in 0..<scores.count { scores[index] /= total }
        return log(total) + margin
    }

    private func addOuterProduct(row: Int, residual: [Double], to gradient: inout [Double]) {
        let weight = 1 / Double(rows.count)
        for entry in rows.entries(of: row) {
            let value = Double(rows.values[entry]) * weight
            let base = Int(rows.columns[entry]) * classCount
            for index in 0..<classCount { gradient[base + index] += value * residual[index] }
        }
        let intercepts = columnCount * classCount
        for index in 0..<classCount { gradient[intercepts + index] += weight * residual[index] }
    }
}
