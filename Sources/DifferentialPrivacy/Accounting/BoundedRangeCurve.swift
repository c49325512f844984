internal import Foundation

/// The privacy curve of T choices of range η, the worst of all adaptive sequences of them.
///
/// Before each choice an adversary picks where in [0, η] the loss's upper value t lies, knowing what
/// was chosen before (as tokens do). With x = e^t that choice loses t with probability
/// p = (e^η − x)/(e^η − 1), and t − η otherwise (Dong, Durfee, Rogers 2020, arXiv:1909.13830), so
/// ```
/// δ₀(ε) = (1 − e^ε)₊
/// δ_k(ε) = max over t of p·δ_{k−1}(ε − t) + (1 − p)·δ_{k−1}(ε − t + η)
/// ```
/// holds with equality: no sequence of choices is worse, and some is as bad. For one choice this is
/// δ₁(ε) = (e^(η/2) − e^(ε/2))²/(e^η − 1).
///
/// - Between grid points a chord in e^ε lies above the curve, which is convex in e^ε; the maximum over t is
///   exact for these chords. So every value is an upper bound.
/// - The curve is the same in both directions: δ(−ε) = 1 − e^(−ε) + e^(−ε)·δ(ε). Only ε ≥ 0 is kept.
struct BoundedRangeCurve: Equatable {
    /// η, above 0.
    let range: Double
    /// T, at least 1.
    let count: Int
    /// Distance of neighbouring grid points: η/m.
    private let interval: Double
    /// δ at the grid points from 0 on.
    private let values: [Double]

    /// Computes the curve; cost grows as T·m²·√T, some 10 ms for 64 tokens.
    ///
    /// - Throws: `PrivacyError.didNotConverge` where that would take minutes, as with η above 50.
    init(range: Double, count: Int) throws(PrivacyError) {
        self.range = range
        self.count = count
        let cells = max(count > 400 ? 16 : 32, Int(min(range, 100) / 0.02))
        let interval = range / Double(cells)
        self.interval = interval
        // Beyond it δ is below 1e-30 by Chernoff's bound for ρ-zCDP, and is taken to be constant.
        let concentrated = Double(count) * range * range / 8
        let reach = concentrated + 17 * concentrated.squareRoot() + range
        let points = min(Double(count * cells), reach / interval)
        guard range <= 50, points * Double(count) * Double(cells) < 4e9 else {
            throw .didNotConverge(
                what: "the curve of \(count) choices",
                detail: "their range is \(range)"
            )
        }
        var step = Step(range: range, cells: cells)
        var values: [Double] = [0]
        for number in 1...count {
            let last = min(number * cells, Int(points.rounded(.up)))
            values = step.next(values, count: last + 1, isExact: last == number * cells)
        }
        // Sums of positive terms, each rounded: T of them lose a few ulps each.
        self.values = values.map { min(1, $0 * (1 + 1e-15 * Double(8 + 8 * count))) }
    }

    /// Largest ε at which δ is not constant any more.
    private var reach: Double { Double(values.count - 1) * interval }

    /// δ(ε), rounded up.
    func delta(epsilon: Double) -> Double {
        guard epsilon >= 0 else {
            return -expm1(epsilon) + exp(epsilon) * delta(epsilon: -epsilon)
        }
        let place = epsilon / interval
        guard place < Double(values.count - 1) else { return values.last ?? 1 }
        let cell = Int(place)
        let share = expm1(epsilon - Double(cell) * interval) / expm1(interval)
        return values[cell] + (values[cell + 1] - values[cell]) * share
    }

    /// The smallest ε ≥ 0 whose δ is at most `delta`, rounded up; ∞ if there is none.
    func epsilon(delta: Double) -> Double {
        guard let last = values.last, last <= delta else { return .infinity }
        guard let cell = values.indices.last(where: { values[$0] > delta }) else { return 0 }
        let drop = values[cell] - values[cell + 1]
        let share = (values[cell] - delta) / drop
        return (Double(cell) * interval + log1p(share * expm1(interval))) * (1 + 1e-14)
    }

    /// The loss that the curve belongs to, on a grid; the same in both directions.
    ///
    /// By the chords between the curve's points (Doroshenko et al. 2022, arXiv:2207.04380).
    func discretized(interval: Double) -> DiscretizedLoss {
        let last = Int((reach / interval).rounded(.up))
        let deltas = (0...last + 1).map { delta(epsilon: Double($0) * interval) }
        let (rise, fall) = (expm1(interval), -expm1(-interval))
        var masses = [Double](repeating: 0, count: 2 * last + 1)
        for n in stride(from: 1, through: last, by: 1) {
            let change = (deltas[n + 1] - deltas[n]) / rise - (deltas[n] - deltas[n - 1]) / fall
            let mass = max(change, 0)
            masses[last + n] = mass
            masses[last - n] = mass * exp(-Double(n) * interval)
        }
        // Differences of δ are rounded: what they may miss counts as lost for certain.
        let infinite = (deltas.last ?? 0) + 1e-15
        masses[last] = max(0, 1 - infinite - masses.reduce(0, +))
        return DiscretizedLoss(
            interval: interval,
            firstIndex: -last,
            masses: masses,
            infiniteMass: infinite
        )
    }

    /// Losses that some sequence of choices has, rounded down: T times the choice between two
    /// outcomes with t = η/2, which is randomised response.
    func optimistic(interval: Double) -> DiscretizedLoss {
        let half = 0.5 * range
        let (logGain, logLoss) = (-log1p(exp(-half)), -log1p(exp(half)))
        let size = Double(count)
        let lowest = Int((-size * half / interval).rounded(.down))
        var masses = [Double](repeating: 0, count: 2 - 2 * lowest)
        for losses in 0...count {
            let lost = Double(losses)
            let ways = lgamma(size + 1) - lgamma(lost + 1) - lgamma(size - lost + 1)
            let place = Int(((size - 2 * lost) * half / interval - 1e-9).rounded(.down))
            masses[max(place - lowest, 0)] +=
                exp(ways + (size - lost) * logGain + lost * logLoss)
        }
        return DiscretizedLoss(interval: interval, firstIndex: lowest, masses: masses)
    }
}

extension BoundedRangeCurve {
    /// One choice more: from δ_{k−1} to δ_k on the same grid.
    private struct Step {
        let cells: Int
        let growth: Double
        let cell: Double
        /// e^(j·h) for j = 0…m.
        let places: [Double]

        init(range: Double, cells: Int) {
            self.cells = cells
            growth = exp(range)
            let interval = range / Double(cells)
            cell = expm1(interval)
            places = (0...cells).map { exp(Double($0) * interval) }
        }

        /// The chord over one cell, as intercept + slope·e^(distance from the cell's start).
        private struct Chord {
            let intercept: Double
            let slope: Double
        }

        /// - `isExact`: Whether the curve ends there, at 0, or is cut off and constant.
        mutating func next(_ values: [Double], count: Int, isExact: Bool) -> [Double] {
            let chords = chords(of: values, count: count)
            var next = [Double](repeating: 0, count: count)
            for index in 0..<(isExact ? count - 1 : count) {
                var largest = 0.0
                for j in 0..<cells {
                    // ε − t runs through the cell that starts j + 1 points below ε.
                    let low = chords[index - j - 1 + cells]
                    let high = chords[index - j - 1 + 2 * cells]
                    largest = max(largest, maximum(low, high, places[j], places[j + 1]))
                }
                next[index] = largest
            }
            return next
        }

        /// The largest p·low + (1 − p)·high for x in [`from`, `to`].
        private func maximum(
            _ low: Chord,
            _ high: Chord,
            _ from: Double,
            _ to: Double
        ) -> Double {
            func value(_ x: Double) -> Double {
                let ratio = to / x
                return
                    ((growth - x) * (low.intercept + low.slope * ratio)
                    + (x - 1) * (high.intercept + high.slope * ratio)) / (growth - 1)
            }
            // The value is a + b·x + c/x.
            let b = high.intercept - low.intercept
            let c = to * (growth * low.slope - high.slope)
            var largest = max(value(from), value(to))
            if b < 0, c < 0 {
                let x = (c / b).squareRoot()
                if x > from, x < to { largest = max(largest, value(x)) }
            }
            return largest
        }

        /// The chords from η below 0 to η above the last point asked for.
        private func chords(of values: [Double], count: Int) -> [Chord] {
            let end = values.last ?? 0
            func value(_ point: Int) -> Double {
                guard point < 0 else { return point < values.count ? values[point] : end }
                // Grid points further down than the curve reaches have δ = 1 − e^ε.
                let mirrored = -point < values.count ? values[-point] : end
                let decay = exp(Double(point) * log1p(cell))
                return 1 - decay + decay * mirrored
            }
            return (-cells..<(count + cells)).map { point in
                let start = value(point)
                let slope = (value(point + 1) - start) / cell
                return Chord(intercept: start - slope, slope: slope)
            }
        }
    }
}
