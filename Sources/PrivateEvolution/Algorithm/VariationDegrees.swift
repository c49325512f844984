import Messages

/// How much of a candidate its variations change: much at first, to explore, less later, to refine.
package struct VariationDegrees: Codable, Equatable, Sendable {
    /// The share changed by the first variations, in (0, 1].
    package let first: Double
    /// The share changed by the last ones, in (0, 1].
    package let last: Double

    /// States both ends; iterations between change linearly.
    package init(first: Double = 0.8, last: Double = 0.4) {
        self.first = first
        self.last = last
    }

    /// The share that variations made for iteration `iteration` of `count` change.
    ///
    /// - Parameters:
    ///   - iteration: From 1; what competes in iteration 1 is fresh, so variations for candidates
    ///     begin with 2. Look-ahead variations of iteration 1 use `first`.
    ///   - count: The number of iterations.
    /// - Returns: Between `first` and `last`.
    package func degree(forIteration iteration: Int, of count: Int) -> Double {
        let steps = Double(max(count - 2, 1))
        let position = min(max(Double(iteration - 2) / steps, 0), 1)
        return first + (last - first) * position
    }

    func validate() throws(PrivateEvolutionError) {
        for value in [first, last] {
            try EvolutionSettings.require(
                .variationDegrees,
                value,
                value > 0 && value <= 1,
                "in (0, 1]"
            )
        }
    }
}
