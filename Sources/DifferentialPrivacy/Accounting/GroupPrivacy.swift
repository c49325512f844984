internal import Foundation

/// What the guarantee for one unit implies for several units together, such as all records of a person.
public enum GroupPrivacy {
    /// An upper bound of epsilon at `delta` for corpora that differ in up to `size` units.
    ///
    /// The smallest of three bounds:
    /// - Each step is the exact mixture over how many of the k units joined: see `GroupMixtureRDP`.
    /// - Each release is rescaled: at least one of k units joins a sample with probability
    ///   1 − (1 − q)^k, and then moves the sum by at most k sensitivities. The mixture over how many
    ///   joined is dominated by "all", since hockey-stick divergences are convex and grow with the shift.
    /// - The chain of neighbours: (ε, δ) for one unit gives (k·ε, δ·(e^(kε) − 1)/(e^ε − 1)) for k
    ///   (Dwork & Roth 2014, Thm. 2.2, summed exactly).
    ///
    /// - `size`: At least 1; 1 gives the guarantee itself.
    /// - `delta`: In (0, 1), for the group.
    public static func guarantee(
        of event: PrivacyEvent,
        size: Int,
        delta: Double,
        accountant: Accountant = .best
    ) throws(PrivacyError) -> PrivacyGuarantee {
        guard size >= 1 else {
            throw .parameter(.groupSize, value: Double(size), allowed: "at least 1")
        }
        let rescaled = try PrivacyAccounting.guarantee(
            of: try event.rescaled(toGroup: size),
            delta: delta,
            accountant: accountant
        )
        guard size > 1, delta > 0, delta < 1, rescaled.epsilon > 0 else { return rescaled }
        var bounds = [rescaled, try chained(event, size: size, delta: delta, accountant)]
        let composition = try EventComposition(event)
        if accountant == .best || accountant == .rdp, !composition.isNonPrivate {
            bounds.append(mixed(composition, size: size, delta: delta))
        }
        return bounds.min { $0.epsilon < $1.epsilon } ?? rescaled
    }

    /// The chain bound: k·ε at a delta d of one unit that is needed, δ·(e^ε − 1)/(e^(kε) − 1), or less by
    /// at most a share of `chainPrecision`.
    ///
    /// What is needed falls as d does, and more slowly in the end, so one d is both. It is sought by false
    /// position in ln d. Every smaller d gives a bound, too: whatever the search ends with is one.
    private static func chained(
        _ event: PrivacyEvent,
        size: Int,
        delta: Double,
        _ accountant: Accountant
    ) throws(PrivacyError) -> PrivacyGuarantee {
        let count = Double(size)
        var best = PrivacyGuarantee(epsilon: .infinity, delta: delta, accountant: .rdp)
        var search = FalsePosition(start: log(delta / count))
        for _ in 0..<chainRounds where search.trial > leastLogDelta {
            let single = exp(search.trial)
            // Beyond the loss distribution's range of delta, Rényi divergences still answer.
            let isBeyond = single < PLDAccountant.smallestDelta && accountant == .pld
            let one = try PrivacyAccounting.guarantee(
                of: event,
                delta: single,
                accountant: isBeyond ? .rdp : accountant
            )
            guard one.epsilon.isFinite else { break }
            let slack = log(delta) - logGrowth(one.epsilon, count) - search.trial
            if slack >= 0, count * one.epsilon < best.epsilon {
                best = PrivacyGuarantee(
                    epsilon: count * one.epsilon,
                    delta: delta,
                    accountant: one.accountant,
                    order: one.order
                )
            }
            if (0...chainPrecision).contains(slack) { break }
            search.record(slack - chainPrecision / 2)
        }
        return best
    }

    /// How much less than the delta that the chain needs may be taken, as ln; ε falls short by a part of it.
    private static let chainPrecision = 1e-3
    private static let chainRounds = 40
    private static let leastLogDelta = -575.0

    /// A search for the zero of a function that is positive far to the left and negative at the start.
    private struct FalsePosition {
        private(set) var trial: Double
        private var left: (x: Double, value: Double)?
        private var right: (x: Double, value: Double)?

        init(start: Double) { trial = start }

        /// Takes the function's value at `trial` and chooses the next one: twice as far to the left as a slope
        /// of −1 would say until the zero lies between two points, then by the Illinois rule.
        mutating func record(_ value: Double) {
            if value < 0 {
                if right != nil, let (x, old) = left { left = (x, old / 2) }
                right = (trial, value)
            } else {
                if left != nil, let (x, old) = right { right = (x, old / 2) }
                left = (trial, value)
            }
            guard let left else { return trial += 2 * value }
            guard let right else { return trial += value }
            trial = left.x + (right.x - left.x) * left.value / (left.value - right.value)
        }
    }

    /// ln((e^(kε) − 1)/(e^ε − 1)); ln k for ε = 0.
    private static func logGrowth(_ epsilon: Double, _ count: Double) -> Double {
        guard epsilon > 1e-9 else { return log(count) + count * epsilon }
        return (count - 1) * epsilon + log1p(-exp(-count * epsilon)) - log1p(-exp(-epsilon))
    }
}

extension PrivacyEvent {
    /// The event as a group of `size` units sees it.
    fileprivate func rescaled(toGroup size: Int) throws(PrivacyError) -> PrivacyEvent {
        switch self {
        case .nonPrivate: return self
        case .gaussian(let noiseMultiplier):
            return .gaussian(noiseMultiplier: noiseMultiplier / Double(size))
        case .exponential(let range): return .exponential(range: Double(size) * range)
        case .repeated(let event, let count):
            return .repeated(try event.rescaled(toGroup: size), count: count)
        case .composed(let events):
            var rescaled: [PrivacyEvent] = []
            for event in events { rescaled.append(try event.rescaled(toGroup: size)) }
            return .composed(rescaled)
        case .poissonSampled(let probability, let event):
            try PrivacyError.require(.samplingProbability, probability, in: 0...1, "in [0, 1]")
            return .poissonSampled(
                probability: -expm1(Double(size) * log1p(-probability)),
                try event.rescaled(toGroup: size)
            )
        }
    }
}
