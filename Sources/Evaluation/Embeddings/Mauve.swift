import Foundation
package import Kernels
package import LanguageModel
import SeededRandomness

/// MAUVE: how close two sets of texts are, from the trade-off of both kinds of error.
///
/// Rows are scaled to norm 1, reduced by PCA to 90 % of the variance and quantised together by
/// k-means (n/10 clusters, best of 5 starts). With p, q the two histograms and r = λp + (1 − λ)q,
///
///     curve(λ) = (exp(−c·KL(q‖r)), exp(−c·KL(p‖r))),  c = 5,  25 values of λ;  MAUVE = area under it
///
/// Pillutla et al. 2021, arXiv:2102.01454, Sec. 3; parameters of the package mauve-text. Depends on
/// the embedding and the number of texts, and on the k-means seed at the second decimal: compare
/// rows of one report only.
package enum Mauve {
    /// The score in (0, 1], 1 for equal histograms; `nil` for fewer than 20 texts in a set.
    package static func score(
        _ first: Embeddings,
        _ second: Embeddings,
        seed: UInt64,
        parallel: ParallelFor
    ) throws -> Double? {
        guard min(first.count, second.count) >= 20 else { return nil }
        let both = Embeddings.stacked(first, second).normalized()
        let components = try PrincipalComponents(both, keeping: .share(0.9), parallel: parallel)
        var generator = SplitMix64(seed: seed, stream: 0x3A57)
        let size = Double(min(first.count, second.count)) / 10
        let clusterCount = max(2, Int(size.rounded(.toNearestOrEven)))
        let clusters = KMeans(
            components.project(both),
            clusterCount: clusterCount,
            using: &generator,
            parallel: parallel
        )
        let p = histogram(clusters.assignments[..<first.count], count: clusterCount)
        let q = histogram(clusters.assignments[first.count...], count: clusterCount)
        return area(p, q)
    }

    private static func histogram(_ assignments: ArraySlice<Int>, count: Int) -> [Double] {
        var counts = [Double](repeating: 0, count: count)
        for cluster in assignments { counts[cluster] += 1 / Double(assignments.count) }
        return counts
    }

    /// The area under the divergence curve of two histograms.
    static func area(_ p: [Double], _ q: [Double], scale: Double = 5) -> Double {
        var curve: [(x: Double, y: Double)] = [(1, 0)]
        for step in 0..<25 {
            let weight = 1e-6 + (1 - 2e-6) * Double(step) / 24
            let mixture = zip(p, q).map { weight * $0 + (1 - weight) * $1 }
            curve.append(
                (exp(-scale * divergence(q, mixture)), exp(-scale * divergence(p, mixture)))
            )
        }
        curve.append((0, 1))
        var sum = 0.0
        for (left, right) in zip(curve, curve.dropFirst()) {
            sum += abs(right.x - left.x) * (left.y + right.y) / 2
        }
        return sum
    }

    /// KL(p‖r) in nats; r is positive wherever p is.
    private static func divergence(_ p: [Double], _ r: [Double]) -> Double {
        zip(p, r).reduce(0) { $1.0 > 0 ? $0 + $1.0 * log($1.0 / $1.1) : $0 }
    }
}

/// The directions of largest variance of a set of embeddings.
struct PrincipalComponents {
    /// The mean of the embeddings fitted, [dimension].
    let mean: [Double]
    /// The components, by falling variance, one a row, [kept, dimension].
    let components: DoubleMatrix
    /// The variance along each component kept, [kept].
    let variances: [Double]
    /// The variance in all directions together.
    let totalVariance: Double

    /// How many components to keep.
    enum Size {
        /// This many, or as many as there are dimensions.
        case count(Int)
        /// The smallest number that explains at least this share of the variance, in (0, 1].
        case share(Double)
    }

    init(_ embeddings: Embeddings, keeping size: Size, parallel: ParallelFor) throws {
        let covariance = try Covariance(embeddings, parallel: parallel)
        let order = embeddings.dimension
        guard let spectrum = SymmetricEigen(covariance.matrix) else {
            throw EvaluationError.eigenvaluesDidNotConverge(order: order)
        }
        let falling = spectrum.values.reversed().map { max($0, 0) }
        let total = falling.reduce(0, +)
        let kept: Int
        switch size {
        case .count(let count): kept = min(count, order)
        case .share(let share):
            var explained = 0.0
            kept =
                1
                + (falling.firstIndex { value in
                    explained += value
                    return explained >= share * total
                } ?? order - 1)
        }
        var rows = DoubleMatrix(rows: kept, columns: order)
        for row in 0..<kept {
            for column in 0..<order {
                rows[row, column] = spectrum.vectors[order - 1 - row, column]
            }
        }
        mean = covariance.mean
        components = rows
        variances = Array(falling.prefix(kept))
        totalVariance = total
    }

    /// The coordinates of `embeddings` along the components, [count, kept].
    func project(_ embeddings: Embeddings) -> Embeddings {
        let basis = FloatBuffer(components.values.map(Float.init))
        let result = FloatBuffer(count: embeddings.count * components.rows)
        MatrixMultiply.multiply(
            embeddings.centered(at: mean).matrix,
            transposed: Matrix(basis, rows: components.rows, columns: components.columns),
            into: Matrix(result, rows: embeddings.count, columns: components.rows)
        )
        return Embeddings(
            values: result,
            count: embeddings.count,
            dimension: components.rows
        )
    }
}
