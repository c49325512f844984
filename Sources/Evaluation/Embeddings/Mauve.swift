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
        let clusters = try KMeans(
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
