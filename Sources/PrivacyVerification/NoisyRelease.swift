import DifferentialPrivacy
internal import Foundation

/// The independent recomputation's own reading of an event: equal noisy releases on random samples.
struct NoisyRelease {
    /// In (0, 1]; 1 for the whole corpus.
    let samplingProbability: Double
    /// At least 0.
    let noiseMultiplier: Double
    /// At least 1.
    private(set) var count: Int
    /// How many units the neighbouring corpora differ in, at least 1.
    private(set) var groupSize = 1
    /// η of choices of bounded range, for one unit; nil for releases with Gaussian noise.
    private(set) var range: Double?
    /// ln of the chances that 0, 1, … units of the group join; without meaning if all do.
    private var logChances: [Double] = []

    /// Equal releases as one unit sees them.
    init(samplingProbability: Double, noiseMultiplier: Double, count: Int) {
        self.samplingProbability = samplingProbability
        self.noiseMultiplier = noiseMultiplier
        self.count = count
    }

    /// Equal choices whose losses span at most `range`, above 0.
    init(range: Double, count: Int) {
        self.init(samplingProbability: 1, noiseMultiplier: 1, count: count)
        self.range = range
    }

    /// Every release in `event` that reveals anything; a non-private part is a release without noise.
    static func all(in event: PrivacyEvent) throws(PrivacyError) -> [NoisyRelease] {
        switch event {
        case .nonPrivate:
            return [NoisyRelease(samplingProbability: 1, noiseMultiplier: 0, count: 1)]
        case .gaussian(let noise):
            guard noise >= 0, noise < .infinity else {
                throw .parameter(
                    .noiseMultiplier,
                    value: noise,
                    allowed: "finite and at least 0"
                )
            }
            return [NoisyRelease(samplingProbability: 1, noiseMultiplier: noise, count: 1)]
        case .exponential(let range):
            guard range >= 0, range < .infinity else {
                throw .parameter(.range, value: range, allowed: "finite and at least 0")
            }
            return range == 0 ? [] : [NoisyRelease(range: range, count: 1)]
        case .composed(let events):
            var releases: [NoisyRelease] = []
            for event in events { releases += try all(in: event) }
            return releases
        case .repeated(let event, let count):
            guard count >= 0 else {
                throw .parameter(.steps, value: Double(count), allowed: "at least 0")
            }
            if count == 0 { return [] }
            var releases: [NoisyRelease] = []
            for release in try all(in: event) { releases.append(try release.repeated(count)) }
            return releases
        case .poissonSampled(let probability, let event):
            guard probability >= 0, probability <= 1 else {
                throw .parameter(
                    .samplingProbability,
                    value: probability,
                    allowed: "in [0, 1]"
                )
            }
            let inner = try all(in: event)
            guard inner.count <= 1, inner.allSatisfy({ $0.count == 1 && $0.range == nil }) else {
                throw .unsupported(
                    accountant: .best,
                    reason: "several releases, or a choice, of one random sample"
                )
            }
            return probability == 0 ? [] : inner.map { $0.sampled(probability) }
        }
    }

    /// The event may be anybody's: its counts are no reason to stop with an overflow.
    private func repeated(_ times: Int) throws(PrivacyError) -> NoisyRelease {
        let (product, overflow) = count.multipliedReportingOverflow(by: times)
        guard !overflow, product <= Self.mostSteps else {
            throw .parameter(.steps, value: Double(times), allowed: "in 0...\(Self.mostSteps)")
        }
        var release = self
        release.count = product
        return release
    }

    private static let mostSteps = 1_000_000_000_000

    private func sampled(_ probability: Double) -> NoisyRelease {
        NoisyRelease(
            samplingProbability: samplingProbability * probability,
            noiseMultiplier: noiseMultiplier,
            count: count
        )
    }

    /// The release as a group of units sees it, each of which is sampled by itself.
    func seen(byGroupOf size: Int) -> NoisyRelease {
        var release = self
        release.groupSize = size
        guard range == nil else { return release }
        // Each from the one before, so that none vanishes.
        let odds = samplingProbability / (1 - samplingProbability)
        var logChance = Double(size) * log1p(-samplingProbability)
        release.logChances = [logChance]
        for joined in 1...size {
            logChance += log(odds * Double(size - joined + 1) / Double(joined))
            release.logChances.append(logChance)
        }
        return release
    }

    /// Bin(k, q): the probability that 0, 1, … k units of the group join the sample.
    var chancesOfJoining: [Double] {
        let q = samplingProbability
        return (0...groupSize).map { joined in
            let ways = (0..<joined).reduce(1.0) { $0 * Double(groupSize - $1) / Double($1 + 1) }
            return ways * pow(q, Double(joined)) * pow(1 - q, Double(groupSize - joined))
        }
    }

    /// The privacy loss ln(Σ_j Bin(k, q)(j)·exp((2jx − j²)/(2σ²))) at x = σ·t; k is 1 for one unit.
    func loss(at t: Double) -> Double {
        guard groupSize == 1 else { return groupLoss(at: t) }
        let exponent = t / noiseMultiplier - 0.5 / (noiseMultiplier * noiseMultiplier)
        if samplingProbability == 1 { return exponent }
        if exponent > 1 {
            return exponent + log(samplingProbability)
                + log1p((1 / samplingProbability - 1) * exp(-exponent))
        }
        return log1p(samplingProbability * expm1(exponent))
    }

    private func groupLoss(at t: Double) -> Double {
        let inverse = 1 / noiseMultiplier
        if samplingProbability == 1 {
            let shift = Double(groupSize) * inverse
            return shift * t - 0.5 * shift * shift
        }
        func term(_ joined: Int) -> Double {
            let shift = Double(joined) * inverse
            return logChances[joined] + shift * (t - 0.5 * shift)
        }
        let largest = (0...groupSize).reduce(-Double.infinity) { max($0, term($1)) }
        return largest + log((0...groupSize).reduce(0) { $0 + exp(term($1) - largest) })
    }

    /// Rényi divergence of one release, by the trapezoid rule over t, which is exact to rounding here.
    ///
    /// For one unit, leaving is the direction that costs more (Mironov, Talwar, Zhang 2019, Theorem 5);
    /// for several, both are integrated and the larger counts.
    func renyiDivergence(order: Double) -> Double {
        if let span { return BoundedRangeLoss(range: span).renyiDivergence(order: order) }
        let leaving = logMoment(order)
        let larger = groupSize == 1 ? leaving : max(leaving, logMoment(1 - order))
        return larger / (order - 1)
    }

    /// How many values of t the integrals of that order take.
    func nodeCount(order: Double) -> Double {
        guard range == nil else { return 1 }
        return (order * Double(groupSize) / noiseMultiplier + 2 * Self.reach) / step
    }

    /// What the losses of choices span for the whole group; nil for releases with Gaussian noise.
    var span: Double? { range.map { $0 * Double(groupSize) } }

    private static let reach = 13.0

    /// It resolves the bell curve (½) and the branch points of ℓ, which lie πσ off the real axis.
    private var step: Double { min(0.45, 0.4 * noiseMultiplier) }

    /// ln E[e^(λℓ)] under t ~ N(0, 1), for λ above 1 or below 0.
    ///
    /// E[e^(λℓ)] − 1 = E[e^(λℓ) − 1 − λ·(e^ℓ − 1)]: every term is positive, because E[e^ℓ] = 1 and
    /// these powers are convex.
    private func logMoment(_ power: Double) -> Double {
        let shift = Double(groupSize) / noiseMultiplier
        var index = ((min(power, 0) * shift - Self.reach) / step).rounded(.down)
        let end = ((max(power, 1) * shift + Self.reach) / step).rounded(.up)
        var largest = -Double.infinity
        var sum = 0.0
        while index <= end {
            let t = index * step
            let term = logExcess(of: loss(at: t), power: power) - 0.5 * t * t
            if term > largest {
                sum = sum * exp(largest - term) + 1
                largest = term
            } else {
                sum += exp(term - largest)
            }
            index += 1
        }
        let logExcess = largest + log(sum * step / (2 * Double.pi).squareRoot())
        return logExcess > 30 ? logExcess : log1p(exp(logExcess))
    }

    /// ln(e^(λℓ) − 1 − λ(e^ℓ − 1)), by its Taylor series near ℓ = 0.
    private func logExcess(of loss: Double, power: Double) -> Double {
        if power * loss > 40 {
            // The two subtracted terms, relative to the leading one, in a form that cannot overflow.
            let subtracted =
                power * exp(loss - power * loss) - (power - 1) * exp(-power * loss)
            return power * loss + log1p(-subtracted)
        }
        if power < 0, loss > 40 { return log(-power) + loss }
        let u = expm1(loss)
        guard abs(u * power) < 0.05, abs(u) < 0.05 else {
            return log(expm1(power * loss) - power * u)
        }
        var term = 0.5 * power * (power - 1) * u * u
        var sum = 0.0
        for k in 3...14 {
            sum += term
            term *= (power - Double(k) + 1) / Double(k) * u
        }
        return log(sum)
    }
}
