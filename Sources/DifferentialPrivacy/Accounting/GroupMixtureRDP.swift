internal import Foundation

/// Rényi divergences of Poisson-subsampled Gaussian steps for corpora that differ in several units.
///
/// Each of k units joins a step by itself, so Bin(k, q) of them shift the sum, by at most one
/// sensitivity each. Whatever the directions of the shifts, the step is dominated by
///
///     M = Σ_j Bin(k, q)(j)·N(j, σ²)   against   N₀ = N(0, σ²)
///
/// (mixtures of Gaussians: Choquette-Choo et al. 2024, arXiv:2310.15526, Sec. 4; group privacy of
/// subsampled mechanisms: Schuchardt et al. 2024, arXiv:2403.04867). Both directions are integrated
/// by the trapezoid rule, and the larger divergence counts.
struct GroupMixtureRDP {
    /// The orders tried, ascending: large ones matter only where ε is so small that the other bounds
    /// are good, and little noise leaves out those whose integrals would take too long.
    let orders: [Double]

    private let size: Int
    private let sigma: Double
    /// Distance of neighbouring x: resolves the bell curve and the nearest branch point of ln(M/N₀).
    private let step: Double
    /// For each x, ln N₀(x) and ln(M/N₀)(x).
    private let nodes: [(null: Double, loss: Double)]

    /// Tabulates a step; nil if all integrals would take too long, as with σ far below 0.05.
    ///
    /// - Parameters:
    ///   - size: k, at least 1.
    ///   - samplingProbability: q in (0, 1].
    ///   - noiseMultiplier: σ above 0.
    init?(size: Int, samplingProbability: Double, noiseMultiplier: Double) {
        self.size = size
        sigma = noiseMultiplier
        let step = min(noiseMultiplier, noiseMultiplier * noiseMultiplier) / 16
        self.step = step
        // The integrand of order α has its bulk within α·k of 0, at either side.
        func reach(_ order: Double) -> Double { order * Double(size) + 14 * noiseMultiplier }
        orders = RDPAccountant.defaultOrders.filter {
            $0 <= 256 && reach($0) / step < Double(Self.mostNodes)
        }
        guard let reach = orders.last.map(reach) else { return nil }
        let last = Int((reach / step).rounded(.up))
        let exponents = Self.exponents(size, samplingProbability, sigma)
        let variance = sigma * sigma
        let normalization = 0.5 * log(2 * Double.pi * variance)
        nodes = (-last...last).map { [step] index in
            let x = Double(index) * step
            let terms = exponents.enumerated().map { $1 + Double($0) * x / variance }
            let largest = terms.max() ?? 0
            let loss = largest + log(terms.reduce(0) { $0 + exp($1 - largest) })
            return (-0.5 * x * x / variance - normalization, loss)
        }
    }

    private static let mostNodes = 400_000

    /// ln of the weight of N(j, σ²) in M relative to N₀ at x = 0, for j = 0…k.
    private static func exponents(_ size: Int, _ q: Double, _ sigma: Double) -> [Double] {
        let count = Double(size)
        return (0...size).map { joined in
            let j = Double(joined)
            let ways = lgamma(count + 1) - lgamma(j + 1) - lgamma(count - j + 1)
            let others = joined == size ? 0 : (count - j) * log1p(-q)
            return ways + j * log(q) + others - j * j / (2 * sigma * sigma)
        }
    }

    /// The larger of both directions' divergences of one step, rounded upwards.
    func divergence(order: Double) -> Double {
        // E_M[(M/N₀)^(α−1)] = E₀[e^(αℓ)] and E₀[(N₀/M)^(α−1)] = E₀[e^((1−α)ℓ)].
        let logMoment = max(logMoment(order), logMoment(1 - order))
        // The sums are right to 1e-12 of themselves.
        return (max(logMoment, 0) + 1e-12) / (order - 1) * (1 + 1e-11)
    }

    /// ln E[e^(λℓ)] under x ~ N₀, from the nodes around the integrand's bulk.
    private func logMoment(_ power: Double) -> Double {
        let margin = 14 * sigma
        let middle = nodes.count / 2
        let low = (min(power, 0) * Double(size) - margin) / step
        let high = (max(power, 0) * Double(size) + margin) / step
        let window =
            nodes[max(0, middle + Int(low))...min(nodes.count - 1, middle + Int(high))]
        let largest = window.reduce(-Double.infinity) { max($0, $1.null + power * $1.loss) }
        let sum = window.reduce(0) { $0 + exp($1.null + power * $1.loss - largest) }
        return largest + log(sum * step)
    }
}

extension GroupPrivacy {
    /// The bound by mixtures: each release as k units see it, composed by Rényi divergences.
    ///
    /// Infinite where the integrals cannot be taken.
    static func mixed(
        _ composition: EventComposition,
        size: Int,
        delta: Double
    ) -> PrivacyGuarantee {
        var best = PrivacyGuarantee(epsilon: .infinity, delta: delta, accountant: .rdp)
        var steps: [(mixture: GroupMixtureRDP, count: Double)] = []
        for group in composition.sampled {
            guard
                let mixture = GroupMixtureRDP(
                    size: size,
                    samplingProbability: group.samplingProbability,
                    noiseMultiplier: group.noiseMultiplier
                )
            else { return best }
            steps.append((mixture, Double(group.count)))
        }
        // Releases without subsampling are one Gaussian, k times as far off.
        let squaredShift = composition.squaredMeanShift * Double(size * size)
        // Fewer orders are the first of more.
        let orders = steps.map(\.mixture.orders).min { $0.count < $1.count }
        for order in orders ?? RDPAccountant.defaultOrders {
            let sampled = steps.reduce(0) { $0 + $1.count * $1.mixture.divergence(order: order) }
            let chosen = composition.choices.reduce(0) {
                $0 + Double($1.count)
                    * BoundedRangeRDP.divergence(order: order, range: Double(size) * $1.range)
            }
            let epsilon = RDPConversion.epsilon(
                divergence: sampled + chosen + 0.5 * order * squaredShift,
                order: order,
                delta: delta
            )
            if epsilon < best.epsilon {
                best = PrivacyGuarantee(
                    epsilon: epsilon,
                    delta: delta,
                    accountant: .rdp,
                    order: order
                )
            }
        }
        return best
    }
}
