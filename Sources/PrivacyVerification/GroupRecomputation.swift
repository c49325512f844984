import DifferentialPrivacy
internal import Foundation

/// A second opinion on epsilon for several units together.
///
/// Each release is the mixture over how many of the k units joined its sample. That gives the true
/// epsilon where its transform can be inverted, and bounds of it from rounded losses where it cannot,
/// as with a few steps of little noise, whose loss is nearly an atom. A figure must pass three tests:
///
/// - it is not below the truth;
/// - it is not above what the mixture's Rényi divergences give at the best of the published orders
///   (`PublishedOrders`), within a millionth;
/// - it is the figure of one of three arguments, as precisely as that argument can be repeated.
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
        return isTight(group) && isBound(group) && isArgued(group)
    }

    /// As for one unit: integrals take about order·k/σ² points.
    private static let leastNoise = 0.05
    /// How closely two integrations of the same divergence agree.
    private static let closeness = 1e-6
    private static let rounding = 1e-8

    private static func isClose(_ epsilon: Double, _ expected: Double) -> Bool {
        abs(epsilon - expected) <= closeness * expected + rounding
    }

    /// Whether the figure is at most that of the mixture, which every accountant of groups computes.
    private func isTight(_ group: PrivacyGuarantee) -> Bool {
        let best = PublishedOrders.ofGroups(of: size, releases).reduce(Double.infinity) {
            min(
                $0,
                IndependentRecomputation.rdpEpsilon(of: mixtures, delta: group.delta, order: $1)
            )
        }
        return group.epsilon <= best * (1 + Self.closeness) + Self.rounding
    }

    private func isBound(_ group: PrivacyGuarantee) -> Bool {
        guard group.epsilon < .infinity else { return true }
        return truth(of: mixtures, delta: group.delta).lowerBound
            <= group.epsilon * (1 + 1e-7) + 1e-9
    }

    /// Whether it is the figure of one of three arguments.
    ///
    /// The mixture's Rényi divergence. Or every release rescaled: at least one of k units joins with
    /// probability 1 − (1 − q)^k, and then moves the sum by at most k. Or the chain: ε/k must hold for
    /// one unit at δ·(e^(ε/k) − 1)/(e^ε − 1), or at a thousandth less, as that equation is solved by
    /// trial.
    private func isArgued(_ group: PrivacyGuarantee) -> Bool {
        guard group.epsilon > 0, group.epsilon < .infinity else { return true }
        guard group.accountant == .rdp, let order = group.order else {
            return group.order == nil && isArguedByCurve(group)
        }
        let figures = [mixtures, rescaled].map {
            IndependentRecomputation.rdpEpsilon(of: $0, delta: group.delta, order: order)
        }
        return figures.contains { Self.isClose(group.epsilon, $0) }
            || isChained(group) { delta in
                let epsilon = IndependentRecomputation.rdpEpsilon(
                    of: releases,
                    delta: delta,
                    order: order
                )
                return epsilon * (1 - Self.closeness)...epsilon * (1 + Self.closeness)
            }
    }

    private func isArguedByCurve(_ group: PrivacyGuarantee) -> Bool {
        let isSampled = group.accountant == .pld
        guard isSampled || group.accountant == .gaussian else { return false }
        /// What the accountant may have answered: a loss distribution rounds losses up.
        func answers(_ releases: [NoisyRelease], _ delta: Double) -> ClosedRange<Double> {
            let truth = truth(of: releases, delta: delta)
            let upper = truth.upperBound * (isSampled ? 1.001 : 1 + Self.closeness)
            return truth.lowerBound * (1 - 1e-7) - 1e-9...upper + (isSampled ? 1e-3 : 1e-9)
        }
        return answers(rescaled, group.delta).contains(group.epsilon)
            || isChained(group) { answers(releases, $0) }
    }

    /// Whether ε/k is what one unit has at the chain's delta, or a little below.
    private func isChained(
        _ group: PrivacyGuarantee,
        _ answers: (_ delta: Double) -> ClosedRange<Double>
    ) -> Bool {
        let single = group.epsilon / Double(size)
        let share = single > 1e-9 ? expm1(single) / expm1(group.epsilon) : 1 / Double(size)
        guard share > 0 else { return false }
        let needed = group.delta * share
        return answers(needed).lowerBound <= single
            && answers(needed * Self.leastPartOfChain).upperBound >= single
    }

    /// How much less than the chain's delta may have been taken.
    private static let leastPartOfChain = 0.998

    private var rescaled: [NoisyRelease] {
        releases.map { release in
            if let range = release.range {
                return NoisyRelease(range: range * Double(size), count: release.count)
            }
            return NoisyRelease(
                samplingProbability: -expm1(Double(size) * log1p(-release.samplingProbability)),
                noiseMultiplier: release.noiseMultiplier / Double(size),
                count: release.count
            )
        }
    }

    /// The true ε, within its bounds if the transform cannot be inverted.
    private func truth(of releases: [NoisyRelease], delta: Double) -> ClosedRange<Double> {
        if releases.contains(where: { $0.range != nil }) {
            return IndependentRecomputation.boundsOfChoices(in: releases, delta: delta)
        }
        if let truth = PrivacyCurveInversion.epsilon(of: releases, delta: delta) {
            return truth...truth
        }
        let bracket = RoundedLossBracket(releases, delta: delta).epsilon(delta: delta)
        return min(bracket.lowerBound, bracket.upperBound)...bracket.upperBound
    }
}

/// The Rényi orders that stated figures are the best of: part of what `privacy.json` means.
///
/// 1.01 to 1.09 in hundredths, 1.1 to 10.9 in tenths, integers to 64, and ten more.
enum PublishedOrders {
    /// Those of one unit, ascending.
    static let all: [Double] = {
        let hundredths = (101...109).map { Double($0) / 100 }
        let tenths = (11...109).map { Double($0) / 10 }
        let integers = (11...64).map { Double($0) }
        return hundredths + tenths + integers + [80, 96, 128, 160, 192, 256, 384, 512, 1024, 2048]
    }()

    /// Those of groups: at most 256, and no more than can be integrated in 400,000 pieces of
    /// min(σ, σ²)/16 at either side, for the release with the least of them; none if there is none
    /// for some release.
    static func ofGroups(of size: Int, _ releases: [NoisyRelease]) -> [Double] {
        let sampled = releases.filter { $0.samplingProbability < 1 }
        guard !sampled.isEmpty else { return all }
        return all.filter { order in
            order <= 256
                && sampled.allSatisfy { release in
                    let noise = release.noiseMultiplier
                    let reach = order * Double(size) + 14 * noise
                    return 16 * reach / min(noise, noise * noise) < 400_000
                }
        }
    }
}
