/// How long texts are, in words between white space.
package struct LengthDistribution: Sendable, Equatable {
    /// The word count of every text, ascending.
    package let sorted: [Int]

    /// Counts the words of texts given as verbatim word hashes.
    package init(_ texts: [[UInt64]]) {
        sorted = texts.map(\.count).sorted()
    }

    /// The mean number of words; 0 for no texts.
    package var mean: Double {
        sorted.isEmpty ? 0 : Double(sorted.reduce(0, +)) / Double(sorted.count)
    }

    /// The middle number of words, or the mean of the two in the middle; 0 for no texts.
    package var median: Double {
        guard !sorted.isEmpty else { return 0 }
        let upper = sorted.count / 2
        let lower = (sorted.count - 1) / 2
        return Double(sorted[lower] + sorted[upper]) / 2
    }

    /// The share of texts in each bin of `width` words; the last bin takes all longer texts.
    package func histogram(width: Int, binCount: Int) -> [Double] {
        var shares = [Double](repeating: 0, count: binCount)
        for length in sorted {
            shares[min(length / width, binCount - 1)] += 1 / Double(sorted.count)
        }
        return shares
    }

    /// The 1-Wasserstein distance to another distribution, in words.
    ///
    ///     ∫ |F(x) − G(x)| dx over the two empirical distribution functions
    ///
    /// Equal to `scipy.stats.wasserstein_distance`. Neither set may be empty.
    package func wassersteinDistance(to other: LengthDistribution) -> Double {
        precondition(!sorted.isEmpty && !other.sorted.isEmpty, "no lengths to compare")
        var distance = 0.0
        var first = 0
        var second = 0
        var position = min(sorted[0], other.sorted[0])
        while first < sorted.count || second < other.sorted.count {
            while first < sorted.count, sorted[first] <= position { first += 1 }
            while second < other.sorted.count, other.sorted[second] <= position { second += 1 }
            let next = min(
                first < sorted.count ? sorted[first] : .max,
                second < other.sorted.count ? other.sorted[second] : .max
            )
            guard next < .max else { break }
            let gap =
                Double(first) / Double(sorted.count) - Double(second) / Double(other.sorted.count)
            distance += abs(gap) * Double(next - position)
            position = next
        }
        return distance
    }
}
