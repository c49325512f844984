internal import Foundation

/// The root search behind `NoiseCalibration`: regula falsi on ln ε over ln σ, kept inside a bracket.
struct CalibrationSearch {
    private let target: Double
    private let delta: Double
    private let accountant: Accountant
    /// The orders still tried: the best one moves little between neighbouring noise multipliers.
    private var orders = RDPAccountant.standard

    init(target: Double, delta: Double, accountant: Accountant) {
        self.target = target
        self.delta = delta
        self.accountant = accountant
    }

    /// The answer's epsilon lies in target·[1 − 1e-4, 1]; the search aims between.
    private static let slack = 1e-4
    private static let aim = 1 - 4e-5
    private static let range = (1e-4, 1e9)

    /// A point of the search: ln σ and ln(ε/target), −∞ for ε = 0.
    private struct Point {
        let logNoise: Double
        let height: Double
    }

    mutating func smallestNoiseMultiplier(
        _ event: (Double) -> PrivacyEvent
    ) throws(PrivacyError) -> Double {
        var (low, high) = try bracket(event)
        var keptLow = 0
        var keptHigh = 0
        for _ in 0..<200 {
            if high.height >= log1p(-Self.slack) { break }
            if high.logNoise - low.logNoise < 1e-13 { break }
            let middle = try point(at: between(low, high, keptLow, keptHigh), event)
            if middle.height <= 0 {
                (high, keptHigh, keptLow) = (middle, 0, keptLow + 1)
            } else {
                (low, keptLow, keptHigh) = (middle, 0, keptHigh + 1)
            }
        }
        return exp(high.logNoise)
    }

    /// Where to look next: on the chord towards the aim (an end kept twice is halved: Illinois),
    /// in the middle if the chord is of no use.
    private func between(_ low: Point, _ high: Point, _ keptLow: Int, _ keptHigh: Int) -> Double {
        let width = high.logNoise - low.logNoise
        let aim = log(Self.aim)
        var above = low.height - aim
        var below = high.height - aim
        guard below.isFinite, above.isFinite, keptLow < 6, keptHigh < 6, below < 0 else {
            return low.logNoise + 0.5 * width
        }
        if keptLow > 1 { above *= 0.5 }
        if keptHigh > 1 { below *= 0.5 }
        let share = above / (above - below)
        return low.logNoise + width * min(max(share, 1e-4), 1 - 1e-4)
    }

    /// Noise multipliers with epsilon above and not above the target.
    private mutating func bracket(
        _ event: (Double) -> PrivacyEvent
    ) throws(PrivacyError) -> (Point, Point) {
        var current = try point(at: 0, event)
        let upwards = current.height > 0
        var factor = log(2.0)
        while true {
            let next = try point(at: current.logNoise + (upwards ? factor : -factor), event)
            if upwards, next.height <= 0 { return (current, next) }
            if !upwards, next.height > 0 { return (next, current) }
            if upwards, exp(next.logNoise) > Self.range.1 {
                throw .unreachableTarget(
                    epsilon: target,
                    delta: delta,
                    smallest: target * exp(next.height)
                )
            }
            if !upwards, exp(next.logNoise) < Self.range.0 { return (next, next) }
            current = next
            factor *= 1.5
        }
    }

    private mutating func point(
        at logNoise: Double,
        _ event: (Double) -> PrivacyEvent
    ) throws(PrivacyError) -> Point {
        let epsilon = try epsilon(of: EventComposition(event(exp(logNoise))))
        guard !epsilon.isNaN else {
            throw .didNotConverge(what: "the noise multiplier", detail: "epsilon is NaN")
        }
        return Point(logNoise: logNoise, height: epsilon > 0 ? log(epsilon / target) : -.infinity)
    }

    /// Epsilon without the cross-checks, which are made once, on the answer.
    private mutating func epsilon(
        of composition: EventComposition
    ) throws(PrivacyError) -> Double {
        let usesGaussian =
            accountant == .gaussian || (accountant == .best && composition.isGaussian)
        if usesGaussian {
            return try GaussianAccountant().guarantee(of: composition, delta: delta).epsilon
        }
        let wide = try rdpGuarantee(of: composition)
        guard accountant != .rdp else { return wide.epsilon }
        if accountant == .best, delta < PLDAccountant.smallestDelta { return wide.epsilon }
        // Far too little noise needs no finer look.
        if wide.epsilon > max(1e3, 100 * target) { return wide.epsilon }
        do throws(PrivacyError) {
            return min(
                accountant == .best ? wide.epsilon : .infinity,
                try PLDAccountant().guarantee(of: composition, delta: delta).epsilon
            )
        } catch {
            guard accountant == .best, case .didNotConverge = error else { throw error }
            return wide.epsilon
        }
    }

    /// Over a few orders around the last best one; over all of them when that one is at the edge.
    private mutating func rdpGuarantee(
        of composition: EventComposition
    ) throws(PrivacyError) -> PrivacyGuarantee {
        var guarantee = try orders.guarantee(of: composition, delta: delta)
        if guarantee.order == orders.orders.first || guarantee.order == orders.orders.last {
            guarantee = try RDPAccountant.standard.guarantee(of: composition, delta: delta)
        }
        if let order = guarantee.order {
            orders = RDPAccountant.standard.narrowed(around: order, reach: 8)
        }
        return guarantee
    }
}
