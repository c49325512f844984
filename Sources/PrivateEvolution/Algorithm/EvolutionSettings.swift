import Messages

/// What an evolution does, fixed before its first release.
///
/// Everything here is public.
package struct EvolutionSettings: Codable, Equatable, Sendable {
    /// What becomes of the kept candidates.
    package enum Parents: String, Codable, Sendable {
        /// Kept candidates compete again, each beside L − 1 variations (Xie et al. 2024).
        case compete
        /// L variations take the place of each (Lin et al. 2024, with `sample` and L = 1).
        case replaced
    }

    /// Where the sizes of the classes come from.
    package enum Classes: Codable, Equatable, Sendable {
        /// The user states them, as weights by class.
        case weights([Double])
        /// One more noisy histogram, of `count` classes, inside the budget.
        case noisyHistogram(count: Int)

        /// The number of classes.
        package var count: Int {
            switch self {
            case .weights(let weights): weights.count
            case .noisyHistogram(let count): count
            }
        }
    }

    /// T, the number of times that the private corpus votes.
    package var iterations: Int
    /// N, the number of texts kept in each iteration.
    package var count: Int
    /// L, the number of candidates for each text kept.
    package var variations: Int
    /// K, the number of variations that stand for a candidate; 0 for the candidate itself.
    package var lookahead: Int
    /// k, the number of candidates that a record votes for.
    package var neighborCount: Int
    /// H, subtracted from noisy counts before sampling by them.
    package var threshold: Double
    /// How candidates are kept.
    package var selection: SelectionRule
    /// What becomes of the kept ones.
    package var parents: Parents
    /// The classes.
    package var classes: Classes
    /// How much variations change, by iteration.
    package var degrees: VariationDegrees
    /// The sampling temperature that generators were told; nil for their own.
    package var temperature: Double?

    /// States the settings.
    package init(
        iterations: Int,
        count: Int,
        classes: Classes,
        variations: Int = 4,
        lookahead: Int = 0,
        neighborCount: Int = 1,
        threshold: Double = 0,
        selection: SelectionRule = .rank,
        parents: Parents = .compete,
        degrees: VariationDegrees = VariationDegrees(),
        temperature: Double? = nil
    ) {
        self.iterations = iterations
        self.count = count
        self.classes = classes
        self.variations = variations
        self.lookahead = lookahead
        self.neighborCount = neighborCount
        self.threshold = threshold
        self.selection = selection
        self.parents = parents
        self.degrees = degrees
        self.temperature = temperature
    }

    /// How many noisy histograms are released, all of sensitivity 1: T, and the class sizes.
    package var releaseCount: Int { iterations + (releasesClassSizes ? 1 : 0) }

    /// Whether class sizes cost a release.
    ///
    /// One class has no size to tell.
    package var releasesClassSizes: Bool {
        guard case .noisyHistogram(let count) = classes else { return false }
        return count > 1
    }

    /// Checks ranges.
    ///
    /// - Throws: `PrivateEvolutionError.invalidSetting`.
    package func validate() throws(PrivateEvolutionError) {
        try Self.require(.iterations, iterations, iterations >= 1, "at least 1")
        try Self.require(.count, count, count >= 1, "at least 1")
        try Self.require(.lookahead, lookahead, lookahead >= 0, "at least 0")
        try Self.require(.neighbors, neighborCount, neighborCount >= 1, "at least 1")
        try Self.require(
            .countThreshold,
            threshold,
            threshold >= 0 && threshold.isFinite,
            "finite, at least 0"
        )
        guard classes.count >= 1 else {
            throw .invalidSetting(
                name: "classes",
                value: "\(classes.count)",
                requirement: "at least 1"
            )
        }
        let fewest = parents == .compete ? 2 : 1
        try Self.require(
            .variations,
            variations,
            variations >= fewest,
            "at least \(fewest), or nothing new would be tried"
        )
        if selection == .rank {
            try Self.require(
                .variations,
                variations,
                variations >= 2,
                "at least 2 with selection by rank, or every candidate would be kept"
            )
        }
        try degrees.validate()
        if let temperature {
            try Self.require(
                .temperature,
                temperature,
                temperature > 0 && temperature <= 100,
                "above 0, at most 100"
            )
        }
    }

    static func require(
        _ setting: Setting,
        _ value: some Any,
        _ isValid: Bool,
        _ requirement: String
    ) throws(PrivateEvolutionError) {
        guard isValid else {
            throw .invalidSetting(
                name: Message(setting),
                value: "\(value)",
                requirement: requirement
            )
        }
    }
}

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
