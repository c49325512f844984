internal import Foundation

/// Composes privacy loss distributions: tighter than Rényi divergences, at any number of steps.
///
/// Both directions of add-or-remove-one are discretised (connect the dots), composed by Fourier
/// transform and evaluated apart; the larger epsilon counts. The grid adapts to the number of
/// steps, since discretisation adds about (λ + 1)·T·h²/12 to epsilon (h the interval, λ the tilt).
/// Everything cut off or rounded is bounded and charged: the result is an upper bound.
public struct PLDAccountant: Sendable {
    /// Smaller deltas are refused: the reference values that this was tested against end here.
    public static let smallestDelta = 1e-12
    /// Less noise is refused: losses of thousands of nats a step leave no digits for a grid.
    public static let smallestNoiseMultiplier = 0.01

    /// The accountant has no settings.
    public init() {}

    /// The epsilon of any composition of Gaussians, Poisson-subsampled Gaussians and choices of
    /// bounded range.
    ///
    /// - `event`: The composition; Gaussians without subsampling are merged exactly first.
    /// - `delta`: At least `smallestDelta` and below 1, or 0, which gives infinity.
    /// - Result: The bound; cost grows with epsilon over the grid interval, typically 0.1 s.
    /// - Errors: `PrivacyError.parameter` for parameters out of range, `.unsupported` for deltas
    ///   that are too small, `.didNotConverge` if no bound was found, as with too little noise.
    public func guarantee(
        of event: PrivacyEvent,
        delta: Double
    ) throws(PrivacyError) -> PrivacyGuarantee {
        let composition = try EventComposition(event)
        return try guarantee(of: composition, delta: delta)
    }

    package func guarantee(
        of composition: EventComposition,
        delta: Double
    ) throws(PrivacyError) -> PrivacyGuarantee {
        let (epsilon, _) = try upperBound(of: composition, delta: delta)
        return PrivacyGuarantee(epsilon: epsilon, delta: delta, accountant: .pld)
    }

    /// Bounds of the true epsilon from below and above.
    ///
    /// The lower one costs twice the upper one and is looser: it checks accountants, it does not report.
    package func bracket(
        of composition: EventComposition,
        delta: Double
    ) throws(PrivacyError) -> (lower: Double, upper: Double) {
        let (upper, grid) = try upperBound(of: composition, delta: delta)
        guard let grid else { return (upper, upper) }
        let finer = PLDGrid(
            composition,
            grid.curves,
            delta: delta,
            interval: 0.5 * grid.interval
        )
        let lower = try epsilon(of: composition, on: finer, delta: delta, estimate: .optimistic)
        return (lower, upper)
    }

    /// The pessimistic epsilon with the grid that gave it; no grid if the answer needs none.
    private func upperBound(
        of composition: EventComposition,
        delta: Double
    ) throws(PrivacyError) -> (epsilon: Double, grid: PLDGrid?) {
        if let trivial = try TrivialGuarantee.epsilon(of: composition, delta: delta) {
            return (trivial, nil)
        }
        guard delta >= Self.smallestDelta else {
            throw .unsupported(
                accountant: .pld,
                reason: "delta is \(delta), below \(Self.smallestDelta)"
            )
        }
        let noise = composition.groups.map(\.noiseMultiplier).min() ?? .infinity
        guard noise >= Self.smallestNoiseMultiplier else {
            throw .didNotConverge(
                what: "the privacy loss distribution",
                detail: "the noise multiplier is \(noise), below \(Self.smallestNoiseMultiplier)"
            )
        }
        let curves = try Self.curves(of: composition)
        let rough = try RDPAccountant.standard.guarantee(of: composition, delta: delta)
        var epsilon = min(rough.epsilon, Self.largestRough)
        var previous = Double.infinity
        var grid: PLDGrid?
        // Rényi divergences can overestimate small epsilons tenfold: then the grid was too coarse.
        while grid == nil || (epsilon < 0.5 * previous && epsilon > Self.smallestEpsilon) {
            previous = epsilon
            let next = PLDGrid(
                composition,
                curves,
                delta: delta,
                tilt: rough.order ?? 64,
                tolerance: Self.tolerance(at: max(epsilon, Self.smallestEpsilon))
            )
            epsilon = try self.epsilon(
                of: composition,
                on: next,
                delta: delta,
                estimate: .pessimistic
            )
            grid = next
        }
        return (epsilon, grid)
    }

    private static func curves(
        of composition: EventComposition
    ) throws(PrivacyError) -> [BoundedRangeCurve] {
        var curves: [BoundedRangeCurve] = []
        for choices in composition.choices {
            curves.append(try BoundedRangeCurve(range: choices.range, count: choices.count))
        }
        return curves
    }

    /// Where the search for a grid starts if even Rényi divergences are useless.
    private static let largestRough = 1e4
    /// Below this, a finer grid is not worth its cost.
    private static let smallestEpsilon = 1e-4

    /// How much the grid may add to an epsilon: 3e-4 of it, at most 2e-4 up to 10, then 2e-5 of it.
    private static func tolerance(at epsilon: Double) -> Double {
        min(3e-4 * epsilon, max(2e-4, 2e-5 * epsilon))
    }

    private func epsilon(
        of composition: EventComposition,
        on grid: PLDGrid,
        delta: Double,
        estimate: PLDEstimate
    ) throws(PrivacyError) -> Double {
        let steps = grid.discretized(estimate)
        for step in steps where estimate == .pessimistic {
            try Self.requireWhole(step.remove)
            try Self.requireWhole(step.add)
        }
        let composed = try PLDComposition(steps, delta: delta)
        guard composed.size <= PLDGrid.largestTransform else {
            guard grid.interval < 1 else {
                throw .didNotConverge(
                    what: "the privacy loss distribution",
                    detail: "\(composed.size) grid points are needed"
                )
            }
            let coarser = grid.interval * Double(composed.size / PLDGrid.largestTransform)
            return try epsilon(
                of: composition,
                on: PLDGrid(composition, grid.curves, delta: delta, interval: coarser),
                delta: delta,
                estimate: estimate
            )
        }
        let (remove, add) = composed.composed()
        return max(
            try epsilon(
                of: remove,
                steps.map { ($0.remove, $0.count) },
                delta: delta,
                estimate: estimate
            ),
            try epsilon(
                of: add,
                steps.map { ($0.add, $0.count) },
                delta: delta,
                estimate: estimate
            )
        )
    }

    /// A mass that is missing, or not a number, would make epsilon too small.
    private static func requireWhole(_ loss: DiscretizedLoss) throws(PrivacyError) {
        let total = loss.masses.reduce(loss.infiniteMass, +)
        guard abs(total - 1) < 1e-9 else {
            throw .didNotConverge(
                what: "a step's privacy loss distribution",
                detail: "its mass is \(total)"
            )
        }
    }

    private func epsilon(
        of composed: ComposedLoss,
        _ losses: [(loss: DiscretizedLoss, count: Int)],
        delta: Double,
        estimate: PLDEstimate
    ) throws(PrivacyError) -> Double {
        let total = losses.reduce(0) { $0 + $1.count }
        // Masses are right to 1e-13 of themselves, so a product of T of them to T times that.
        let slack = 1e-13 * Double(total)
        let infinite = losses.reduce(0) { $0 + Double($1.count) * $1.loss.infiniteMass }
        let available =
            estimate == .pessimistic ? delta * (1 - slack) - infinite : delta * (1 + slack)
        guard available > 0 else {
            throw .didNotConverge(
                what: "the privacy loss distribution",
                detail: "infinite losses have probability \(infinite)"
            )
        }
        let epsilon = composed.epsilon(
            delta: available,
            interval: losses.first?.loss.interval ?? 0,
            offset: losses.reduce(0) { $0 + Double($1.count) * $1.loss.offset },
            estimate: estimate
        )
        guard epsilon.isFinite else {
            throw .didNotConverge(what: "the privacy loss distribution", detail: "\(epsilon)")
        }
        return epsilon
    }
}
