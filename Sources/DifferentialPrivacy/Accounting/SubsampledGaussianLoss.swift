internal import Foundation

/// The privacy loss of one Poisson-subsampled Gaussian step, and its discretisation.
///
/// Let q be the sampling probability, σ the noise multiplier, N₀ = N(0, σ²), N₁ = N(1, σ²) and
/// M = (1 − q)·N₀ + q·N₁. The loss of "remove" is ℓ(x) = ln(M/N₀)(x) for x ~ M, that of "add" is
/// −ℓ(x) for x ~ N₀; ℓ rises with x from ln(1 − q). Both are cut at the same x, at which ℓ is a
/// multiple of the grid's interval h.
///
/// - Pessimistic: the mass of a bin goes to its two ends such that both its probability and
///   E[exp(−loss)] are kept, which makes the privacy curve exact at every grid point and a chord
///   in between: the tightest dominating distribution on that grid (Doroshenko et al. 2022,
///   arXiv:2207.04380, "connect the dots").
/// - Optimistic: a bin is merged into one outcome (post-processing, so never less private), whose
///   loss ln(M(bin)/N₀(bin)) is then rounded down onto the grid, shifted by one offset for all bins.
struct SubsampledGaussianLoss {
    private let q: Double
    private let sigma: Double
    private let h: Double
    /// The grid indices at the ends of the first and the last bin.
    private let first: Int
    private let last: Int

    /// - `tail`: Probability that may be cut off at either end of x.
    init(samplingProbability: Double, noiseMultiplier: Double, interval: Double, tail: Double) {
        q = samplingProbability
        sigma = noiseMultiplier
        h = interval
        let reach = GaussianTail.quantile(upper: tail) * sigma
        first = Int((Self.loss(at: -reach, q, sigma) / interval).rounded(.down))
        last = Int((Self.loss(at: 1 + reach, q, sigma) / interval).rounded(.up))
    }

    /// How many bins a discretisation with these parameters has.
    var binCount: Int { last - first }

    /// ℓ(x).
    private static func loss(at x: Double, _ q: Double, _ sigma: Double) -> Double {
        let exponent = (2 * x - 1) / (2 * sigma * sigma)
        if q == 1 { return exponent }
        return exponent > 30
            ? exponent + log(q + (1 - q) * exp(-exponent)) : log1p(q * expm1(exponent))
    }

    /// The x of a loss; −∞ at or below ln(1 − q).
    private func point(of loss: Double) -> Double {
        if q == 1 { return sigma * sigma * loss + 0.5 }
        if loss > 30 { return sigma * sigma * (loss + log1p((q - 1) * exp(-loss)) - log(q)) + 0.5 }
        let ratio = expm1(loss) / q
        return ratio > -1 ? sigma * sigma * log1p(ratio) + 0.5 : -.infinity
    }

    /// Probabilities of an interval of x under N₀ and M, and E_M[1 − exp(lowLoss − ℓ)] over it.
    private struct Bin {
        var null = 0.0
        var mixture = 0.0
        /// The part of M's mass that goes to the upper end, and of N₀'s mass to the (negated) lower end.
        var mixtureToUpper = 0.0
        var nullToLower = 0.0
    }

    // MARK: Estimates

    /// Both directions on the grid.
    func discretized(_ estimate: PLDEstimate, count: Int) -> StepLosses {
        let bins = allBins()
        switch estimate {
        case .pessimistic: return pessimistic(bins, count: count)
        case .optimistic: return optimistic(bins, count: count)
        }
    }

    private func pessimistic(_ bins: [Bin], count: Int) -> StepLosses {
        var remove = [Double](repeating: 0, count: bins.count + 1)
        var add = remove
        for (n, bin) in bins.enumerated() {
            remove[n + 1] += bin.mixtureToUpper
            remove[n] += bin.mixture - bin.mixtureToUpper
            // Losses of "add" are negated: its array runs from −last to −first.
            add[bins.count - n] += bin.nullToLower
            add[bins.count - n - 1] += bin.null - bin.nullToLower
        }
        let left = point(of: Double(first) * h)
        let right = point(of: Double(last) * h)
        remove[0] += mixture(below: left)
        add[0] += GaussianTail.upper(right / sigma)
        return StepLosses(
            remove: loss(remove, from: first, infinite: mixture(above: right)),
            add: loss(add, from: -last, infinite: GaussianTail.upper(-left / sigma)),
            count: count
        )
    }

    private func loss(_ masses: [Double], from index: Int, infinite: Double) -> DiscretizedLoss {
        // Rounding may leave 1e-16 of the mass nowhere; a million steps would notice.
        let total = masses.reduce(0, +)
        let scale = total < 1 - infinite ? (1 - infinite) / total : 1
        return DiscretizedLoss(
            interval: h,
            firstIndex: index,
            masses: scale == 1 ? masses : masses.map { $0 * scale },
            infiniteMass: infinite
        )
    }

    private func optimistic(_ bins: [Bin], count: Int) -> StepLosses {
        var removeAtoms: [(loss: Double, mass: Double)] = []
        var addAtoms: [(loss: Double, mass: Double)] = []
        for (n, bin) in bins.enumerated() where bin.null > 0 && bin.mixture > 0 {
            // Counted from the bin's lower end, in units of h, in each direction's own order.
            let height = min(
                max((log(bin.mixture / bin.null) - Double(first + n) * h) / h, 0),
                1
            )
            removeAtoms.append((Double(n) + height, bin.mixture))
            addAtoms.append((Double(bins.count - n) - height, bin.null))
        }
        // Beyond the cut the loss is at least that of the cut; at the other end mass is dropped.
        let left = point(of: Double(first) * h)
        let right = point(of: Double(last) * h)
        removeAtoms.append((Double(bins.count), mixture(above: right)))
        addAtoms.append((Double(bins.count), GaussianTail.upper(-left / sigma)))
        return StepLosses(
            remove: roundedDown(removeAtoms, from: first, size: bins.count + 1),
            add: roundedDown(addAtoms, from: -last, size: bins.count + 1),
            count: count
        )
    }

    /// Puts atoms on the grid points n + offset, n ≥ −1, at or below them; the offset that loses least.
    private func roundedDown(
        _ atoms: [(loss: Double, mass: Double)],
        from index: Int,
        size: Int
    ) -> DiscretizedLoss {
        let offset = bestOffset(for: atoms)
        var masses = [Double](repeating: 0, count: size + 1)
        for atom in atoms {
            masses[Int((atom.loss - offset).rounded(.down)) + 1] += atom.mass
        }
        return DiscretizedLoss(
            interval: h,
            firstIndex: index - 1,
            masses: masses,
            // A hair lower, so that rounding cannot lift an atom above its true loss.
            offset: offset * h - 1e-13
        )
    }

    /// Most atoms sit near the middle of their bins, a little below it where the density falls: the
    /// offset, in [0, 1/2), that loses least in the mean when atoms are rounded down to it.
    private func bestOffset(for atoms: [(loss: Double, mass: Double)]) -> Double {
        let candidates = [0] + (1...40).map { 0.5 - 0.5 * exp2(-Double($0) / 2) }
        // below[n]: the mass between candidates n − 1 and n, which candidate n sends one bin down.
        var below = [Double](repeating: 0, count: candidates.count + 1)
        for atom in atoms {
            let height = atom.loss - atom.loss.rounded(.down)
            let place = height < 0.5 ? Int(-2 * log2(1 - 2 * height)) + 1 : candidates.count
            below[min(place, candidates.count)] += atom.mass
        }
        let total = below.reduce(0, +)
        var best = (gain: -Double.infinity, offset: 0.0)
        var lost = 0.0
        for (n, offset) in candidates.enumerated() {
            lost += below[n]
            let gain = offset * total - lost
            if gain > best.gain { best = (gain, offset) }
        }
        return best.offset
    }

    // MARK: Bins

    /// Losses beyond this cannot be exponentiated; without sampling σ = 0.2 has them, with it 0.03.
    private static let largestExponent = 700.0

    private func mixture(above x: Double) -> Double {
        (1 - q) * GaussianTail.upper(x / sigma) + q * GaussianTail.upper((x - 1) / sigma)
    }

    private func mixture(below x: Double) -> Double {
        (1 - q) * GaussianTail.upper(-x / sigma) + q * GaussianTail.upper((1 - x) / sigma)
    }

    private func allBins() -> [Bin] {
        let quadrature = BinQuadrature(interval: h)
        var bins: [Bin] = []
        bins.reserveCapacity(binCount)
        for index in first..<last {
            let low = Double(index) * h
            bins.append(smoothBin(low, quadrature) ?? wideBin(low))
        }
        return bins
    }

    /// The bin by Gauss-Legendre quadrature over the loss; nil if its density is not smooth enough.
    ///
    /// All terms are positive, so no digits cancel, unlike in differences of distribution functions.
    private func smoothBin(_ low: Double, _ quadrature: BinQuadrature) -> Bin? {
        guard abs(low) < Self.largestExponent else { return nil }
        let growth = exp(low)
        let slope = growth - 1 + q
        let x = sigma * sigma * log(slope / q) + 0.5
        let width = sigma * growth / slope * h
        guard slope > 10 * h, width * max(1, abs(x) / sigma + width) < 0.4 else { return nil }
        var bin = Bin()
        for node in quadrature.nodes {
            let ratio = growth * node.growth
            let slope = ratio - 1 + q
            let t = sigma * log(slope / q) + 0.5 / sigma
            let null = node.weight * sigma * ratio / slope * GaussianTail.density(t)
            bin.null += null
            bin.mixture += null * ratio
            bin.mixtureToUpper += null * ratio * node.toUpper
            bin.nullToLower += null * node.toLower
        }
        return bin
    }

    /// The bin by differences of distribution functions.
    private func wideBin(_ low: Double) -> Bin {
        let left = point(of: low)
        let right = point(of: low + h)
        let null = GaussianTail.mass(left / sigma, right / sigma)
        let shifted = GaussianTail.mass((left - 1) / sigma, (right - 1) / sigma)
        let mixture = (1 - q) * null + q * shifted
        guard abs(low) < Self.largestExponent else {
            // exp(±low) is out of range: both masses go up as a whole, which only adds to epsilon.
            return Bin(null: null, mixture: mixture, mixtureToUpper: mixture, nullToLower: null)
        }
        // M − N₀·e^low and N₀·e^(low + h) − M, without the leading parts that cancel.
        let gain = q * (shifted - null)
        let range = -expm1(-h)
        let toUpper = (gain - null * expm1(low)) / range
        let toLower = -(null * expm1(-low - h) + gain * exp(-low - h)) / range
        return Bin(
            null: null,
            mixture: mixture,
            mixtureToUpper: min(max(toUpper, 0), mixture),
            nullToLower: min(max(toLower, 0), null)
        )
    }
}

/// Four-point Gauss-Legendre nodes over one bin of the loss, with the factors that depend on the node only.
struct BinQuadrature {
    /// One node at height t above the bin's lower end.
    struct Node {
        let weight: Double
        /// The exponential of t.
        let growth: Double
        /// The share of the mixture's mass that goes to the upper end.
        let toUpper: Double
        /// The share of the null's mass that goes to the lower end, which is the upper one of "add".
        let toLower: Double
    }

    let nodes: [Node]

    init(interval h: Double) {
        let places = [
            (0.339_981_043_584_856_26, 0.652_145_154_862_546_1),
            (0.861_136_311_594_052_6, 0.347_854_845_137_453_8),
        ]
        let range = -expm1(-h)
        nodes = places.flatMap { place, weight in
            [-place, place].map { x in
                let t = 0.5 * h * (1 + x)
                return Node(
                    weight: 0.5 * h * weight,
                    growth: exp(t),
                    toUpper: -expm1(-t) / range,
                    toLower: -expm1(t - h) / range
                )
            }
        }
    }
}
