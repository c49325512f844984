import DifferentialPrivacy
internal import Foundation

/// A second opinion on epsilon for several units together.
///
/// Each release is the mixture over how many of the k units joined its sample. That gives the true
/// epsilon where its transform can be inverted, and bounds of it from rounded losses where it cannot,
/// as with a few steps of little noise, whose loss is nearly an atom. A figure must not be below the
/// truth; where only bounds are known, one of the arguments by which groups can be bounded must carry
/// it as well; and it must not be looser than the mixture's Rényi divergences say.
struct GroupRecomputation {
    private let event: PrivacyEvent
    private let size: Int
    /// Every release as one unit sees it, and as the group does.
    private let releases: [NoisyRelease]
    private let mixtures: [NoisyRelease]

    /// Reads an event; throws if it is not valid.
    init(_ event: PrivacyEvent, size: Int) throws(PrivacyError) {
        self.event = event
        self.size = size
        releases = try NoisyRelease.all(in: event)
        mixtures = releases.map { $0.seen(byGroupOf: size) }
    }

    /// Whether the figure follows from the event.
    func confirms(_ group: PrivacyGuarantee) -> Bool {
        guard group.delta > 0, group.delta < 1, group.epsilon >= 0, !releases.isEmpty else {
            return group.epsilon == (releases.isEmpty ? 0 : .infinity)
        }
        guard releases.allSatisfy({ $0.noiseMultiplier > 0 }) else {
            return group.epsilon == .infinity
        }
        guard releases.allSatisfy({ $0.noiseMultiplier >= Self.leastNoise }) else { return false }
        return group.epsilon <= loosest(group) + 1e-9
            && isBound(group)
    }

    /// As for one unit: integrals take about order·k/σ² points.
    private static let leastNoise = 0.05
    private static let closeness = 1e-6
    /// Accountants can afford other orders than these, and miss the best order by another distance.
    private static let orderSlack = 0.25
    /// Orders that every accountant of groups tries where it can afford them.
    private static let orders = [1.1, 1.2, 1.3, 1.5, 2, 2.5, 3, 4, 5, 8, 16, 32, 64, 128, 256]

    /// The largest figure that can follow: by the mixture at the order stated, or at the best of a few.
    private func loosest(_ group: PrivacyGuarantee) -> Double {
        let stated = group.order.map {
            IndependentRecomputation.rdpEpsilon(of: mixtures, delta: group.delta, order: $0)
        }
        let best = mixtureEpsilon(delta: group.delta) * (1 + Self.orderSlack)
        guard let stated, stated.isFinite else { return best }
        return max(best, stated * (1 + Self.closeness))
    }

    private func isBound(_ group: PrivacyGuarantee) -> Bool {
        guard group.epsilon < .infinity else { return true }
        let allowed = group.epsilon * (1 + 1e-7) + 1e-9
        if let truth = PrivacyCurveInversion.epsilon(of: mixtures, delta: group.delta) {
            return truth <= allowed
        }
        let bracket = RoundedLossBracket(mixtures, delta: group.delta).epsilon(delta: group.delta)
        guard bracket.lowerBound <= allowed else { return false }
        return bracket.upperBound <= allowed || isArgued(group)
    }

    /// Epsilon by the mixture's Rényi divergences at the best of a few orders; ∞ where none is cheap.
    private func mixtureEpsilon(delta: Double) -> Double {
        let least = releases.reduce(Double.infinity) { min($0, $1.noiseMultiplier) }
        return Self.orders.filter {
            $0 * Double(size) <= 20_000 * min(least, least * least)
        }.reduce(.infinity) {
            min($0, IndependentRecomputation.rdpEpsilon(of: mixtures, delta: delta, order: $1))
        }
    }

    /// Whether one of three arguments carries the figure.
    ///
    /// The mixture's Rényi divergence. Or every release rescaled: at least one of k units joins with
    /// probability 1 − (1 − q)^k, and then moves the sum by at most k. Or the chain: ε/k must hold for
    /// one unit at δ·(e^(ε/k) − 1)/(e^ε − 1).
    private func isArgued(_ group: PrivacyGuarantee) -> Bool {
        let single = group.epsilon / Double(size)
        let share = single > 1e-9 ? expm1(single) / expm1(group.epsilon) : 1 / Double(size)
        let rescaled = self.rescaled
        if let order = group.order {
            let bounds = [mixtures, rescaled].map {
                IndependentRecomputation.rdpEpsilon(of: $0, delta: group.delta, order: order)
            }
            let chained = IndependentRecomputation.rdpEpsilon(
                of: releases,
                delta: group.delta * share,
                order: order
            )
            let allowed = group.epsilon * (1 + Self.closeness)
            return bounds.contains { $0 <= allowed } || chained * Double(size) <= allowed
        }
        return holds(group.epsilon, at: group.delta, rescaled)
            || (share > 0 && holds(single, at: group.delta * share, releases))
    }

    private var rescaled: [NoisyRelease] {
        releases.map { release in
            NoisyRelease(
                samplingProbability: -expm1(Double(size) * log1p(-release.samplingProbability)),
                noiseMultiplier: release.noiseMultiplier / Double(size),
                count: release.count
            )
        }
    }

    /// Whether the true ε is at most the one given, as far as can be told.
    private func holds(_ epsilon: Double, at delta: Double, _ releases: [NoisyRelease]) -> Bool {
        let truth =
            PrivacyCurveInversion.epsilon(of: releases, delta: delta)
            ?? RoundedLossBracket(releases, delta: delta).epsilon(delta: delta).lowerBound
        return truth <= epsilon * (1 + 1e-7) + 1e-9
    }
}
