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

    /// The chain bound.
    ///
    /// Any starting delta is valid, so a few rounds towards the fixed point suffice.
    private static func chained(
        _ event: PrivacyEvent,
        size: Int,
        delta: Double,
        _ accountant: Accountant
    ) throws(PrivacyError) -> PrivacyGuarantee {
        let count = Double(size)
        var best = PrivacyGuarantee(epsilon: .infinity, delta: delta, accountant: .rdp)
        var single = delta / count
        for _ in 0..<4 {
            // Beyond the loss distribution's range of delta, Rényi divergences still answer.
            let usable = single < PLDAccountant.smallestDelta && accountant == .pld
            guard single > 1e-250 else { break }
            let one = try PrivacyAccounting.guarantee(
                of: event,
                delta: single,
                accountant: usable ? .rdp : accountant
            )
            guard one.epsilon.isFinite else { break }
            let needed = delta * exp(-logGrowth(one.epsilon, count))
            if single <= needed {
                if count * one.epsilon < best.epsilon {
                    best = PrivacyGuarantee(
                        epsilon: count * one.epsilon,
                        delta: delta,
                        accountant: one.accountant,
                        order: one.order
                    )
                }
                if single > 0.9 * needed { break }
            }
            // A little less than needed, because epsilon grows as delta shrinks.
            single = 0.5 * needed
        }
        return best
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
