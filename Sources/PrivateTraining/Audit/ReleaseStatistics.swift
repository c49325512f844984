import Foundation

/// What an audit keeps of steps that differ in their noise alone.
struct ReleaseStatistics: Sendable {
    /// ⟨direction, released gradient⟩ of each step.
    private(set) var scores: [Double] = []
    /// Σ of the squared differences between the second and the first release of each pair.
    private(set) var squaredDifferences = 0.0
    /// Coordinates that were compared.
    private(set) var comparisons = 0
    private let direction: [Float]
    private var previous: [Float]?

    init(along direction: [Float]) { self.direction = direction }

    /// Takes note of one release, [coordinates].
    mutating func add(_ released: Span<Float>) {
        var score = 0.0
        for index in released.indices {
            score += Double(direction[index]) * Double(released[index])
        }
        scores.append(score)
        guard let first = previous.take() else {
            previous = released.indices.map { released[$0] }
            return
        }
        for index in released.indices {
            let difference = Double(released[index]) - Double(first[index])
            squaredDifferences += difference * difference
        }
        comparisons += released.count
    }

    /// What the noise's standard deviation is at most, as a multiple of the one claimed.
    ///
    /// The difference of two releases with the same expectation is N(0, 2s²) in each coordinate, so
    /// the sum of squares over 2s² is χ² with as many degrees of freedom as coordinates, and lies
    /// below n − 2√(nx) with probability at most e⁻ˣ (Laurent & Massart 2000, Lemma 1).
    ///
    /// - `claimed`: The standard deviation of a released coordinate, by the plan.
    /// - `failure`: How likely the true multiple may exceed the bound, in (0, 1).
    /// - Returns: ∞ with too few coordinates; NaN where releases were not finite.
    static func noiseBound(_ parts: [ReleaseStatistics], claimed: Double, failure: Double) -> Double
    {
        let count = Double(parts.reduce(0) { $0 + $1.comparisons })
        let square = parts.reduce(0) { $0 + $1.squaredDifferences } / (2 * claimed * claimed)
        let least = count - 2 * (-count * log(failure)).squareRoot()
        return least > 0 ? (square / least).squareRoot() : .infinity
    }
}
