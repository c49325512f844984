/// Shares out a number of texts over the classes.
package enum ClassSizes {
    /// Whole sizes proportional to `weights` that add up to `count`, by largest remainders.
    ///
    /// - Parameters:
    ///   - count: What to share out, at least 0.
    ///   - weights: Noisy class counts, or what the user states. Negative ones and those that are
    ///     not finite count as 0; if nothing is left, all classes get the same.
    /// - Returns: One size a class.
    package static func apportion(_ count: Int, by weights: [Double]) -> [Int] {
        precondition(count >= 0 && !weights.isEmpty)
        let usable = weights.map { $0.isFinite ? max($0, 0) : 0 }
        let largest = usable.max() ?? 0
        // Relative to the largest, so that sums stay finite.
        let shares = largest > 0 ? usable.map { $0 / largest } : usable.map { _ in 1 }
        let total = shares.reduce(0, +)
        let exact = shares.map { Double(count) * $0 / total }
        var sizes = exact.map { Int($0.rounded(.down)) }
        let order = exact.indices.sorted {
            let (first, second) = (
                exact[$0] - exact[$0].rounded(.down), exact[$1] - exact[$1].rounded(.down)
            )
            return first != second ? first > second : $0 < $1
        }
        let missing = count - sizes.reduce(0, +)
        for rank in 0..<max(missing, 0) { sizes[order[rank % order.count]] += 1 }
        return sizes
    }
}
