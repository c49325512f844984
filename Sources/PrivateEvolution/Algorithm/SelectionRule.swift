/// How an iteration chooses the candidates it keeps.
///
/// A function of noisy counts: post-processing.
package enum SelectionRule: String, Sendable, Codable, CaseIterable {
    /// Those with the most votes (Xie et al. 2024, arXiv:2403.01749).
    case rank
    /// Draws with replacement, with probability proportional to votes (Lin et al. 2024,
    /// arXiv:2305.15560).
    case sample

    /// The kept candidates of one class, as indices into `counts`.
    ///
    /// - Parameters:
    ///   - keeping: How many to keep; `rank` keeps at most as many as there are candidates.
    ///   - counts: Noisy votes, one a candidate; may be negative.
    ///   - threshold: H ≥ 0. `sample` draws with weights max(count − H, 0); if all are 0, the noise
    ///     said nothing and the draws are uniform. The order by rank does not depend on H.
    ///   - generator: Draws for `sample`; not private.
    /// - Returns: The kept ones, best first for `rank`, in the order drawn for `sample`.
    package func select(
        keeping: Int,
        from counts: [Double],
        threshold: Double,
        using generator: inout some RandomNumberGenerator
    ) -> [Int] {
        guard keeping > 0, !counts.isEmpty else { return [] }
        switch self {
        case .rank:
            let order = counts.indices.sorted {
                counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1
            }
            return Array(order.prefix(keeping))
        case .sample:
            let weights = counts.map { max($0 - threshold, 0) }
            return Self.draws(keeping, weights: weights, using: &generator)
        }
    }

    private static func draws(
        _ count: Int,
        weights: [Double],
        using generator: inout some RandomNumberGenerator
    ) -> [Int] {
        var cumulative: [Double] = []
        for weight in weights { cumulative.append((cumulative.last ?? 0) + weight) }
        guard let total = cumulative.last, total > 0, total.isFinite else {
            return (0..<count).map { _ in Int.random(in: weights.indices, using: &generator) }
        }
        return (0..<count).map { _ in
            let point = Double.random(in: 0..<total, using: &generator)
            return cumulative.firstIndexAbove(point)
        }
    }
}

extension [Double] {
    /// The first index whose element is above `point`, in an ascending array whose last one is.
    fileprivate func firstIndexAbove(_ point: Double) -> Int {
        var low = startIndex
        var high = endIndex - 1
        while low < high {
            let middle = (low + high) / 2
            if self[middle] > point { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension PrivateEvolution {
    /// The kept candidates, class after class, best first where the rule ranks.
    func select(
        from population: [Individual<Candidate>],
        counts: [Double],
        sizes: [Int],
        seeds: IterationSeeds
    ) -> [Individual<Candidate>] {
        var generator = seeds.generator(for: .selection)
        return sizes.indices.flatMap { index in
            let members = population.indices.filter { population[$0].classIndex == index }
            let chosen = settings.selection.select(
                keeping: sizes[index],
                from: members.map { counts[$0] },
                threshold: settings.threshold,
                using: &generator
            )
            return chosen.map { population[members[$0]] }
        }
    }
}
