internal import Foundation

/// The true privacy curve of composed noisy releases, by inversion of a Laplace transform.
///
/// With S the summed privacy loss and K(z) = ln E[e^(zS)],
/// ```
/// δ(ε) = E[(1 − e^(ε−S))₊] = (1/π) ∫₀^∞ Re[ e^(K(z) − zε) / (z(z + 1)) ] dy,   z = λ + iy, λ > 0
/// ```
/// K is a sum of one-dimensional Gaussian integrals. Both integrals are taken by the trapezoid
/// rule, which converges exponentially here; the steps are halved until the result stands still.
/// No discretised losses, no rounding direction: the answer is the truth within 1e-8 or nothing.
struct PrivacyCurveInversion {
    private let releases: [NoisyRelease]
    /// Where each release's Gaussian integral is summed.
    private let nodes: [[Node]]
    private let mostFrequencies: Int

    /// A loss, and the logarithm of its weight under the unit's absence.
    private struct Node {
        let loss: Double
        let logWeight: Double
    }

    /// One direction of add-or-remove-one: S is the loss (remove) or its negative (add).
    private enum Direction: Double {
        case remove = 1
        case add = -1
    }

    /// - `refinement`: By what to divide the step of the Gaussian integrals.
    private init(_ releases: [NoisyRelease], refinement: Double) {
        self.releases = releases
        nodes = releases.map { Self.nodes(of: $0, refinement: refinement) }
        mostFrequencies = Int(20_000 / refinement)
    }

    /// The true epsilon of releases with noise, at delta in (0, 1); nil if no refinement resolves it.
    ///
    /// That happens with few steps of tiny sampling probability, whose loss is nearly an atom.
    static func epsilon(of releases: [NoisyRelease], delta: Double) -> Double? {
        for refinement in [1.0, 4, 16] {
            let inversion = PrivacyCurveInversion(releases, refinement: refinement)
            if let epsilon = inversion.epsilon(delta: delta) { return epsilon }
        }
        return nil
    }

    private static func nodes(of release: NoisyRelease, refinement: Double) -> [Node] {
        let step = min(0.2, 0.1 * release.noiseMultiplier) / refinement
        let low = Int((-14 / step).rounded(.down))
        let reach = 60 * Double(release.groupSize) / release.noiseMultiplier + 14
        let high = Int((reach / step).rounded(.up))
        let normalization = log(step / (2 * Double.pi).squareRoot())
        return (low...high).map { index in
            let t = Double(index) * step
            return Node(loss: release.loss(at: t), logWeight: normalization - 0.5 * t * t)
        }
    }

    /// Up to which frequency neighbouring nodes that matter stay within 1.5 radians.
    private func highestFrequency(_ tilt: Double, _ direction: Direction) -> Double {
        let exponent = direction == .remove ? tilt + 1 : -tilt
        var widest = 0.0
        for nodes in nodes {
            let heights = nodes.map { $0.logWeight + exponent * $0.loss }
            let largest = heights.max() ?? 0
            // The last node must not matter, or the range is too short for this tilt.
            guard let last = heights.last, last < largest - 40 else { return 0 }
            for index in 1..<nodes.count where heights[index] > largest - 36 {
                widest = max(widest, abs(nodes[index].loss - nodes[index - 1].loss))
            }
        }
        return 1.5 / widest
    }

    /// The smallest epsilon ≥ 0 whose δ is at most `delta` in both directions; nil without convergence.
    private func epsilon(delta: Double) -> Double? {
        guard let remove = epsilon(delta: delta, .remove), let add = epsilon(delta: delta, .add)
        else { return nil }
        return max(remove, add)
    }

    private func epsilon(delta: Double, _ direction: Direction) -> Double? {
        // The saddle point of Chernoff's bound gives the line of integration and a first bracket.
        func chernoff(_ tilt: Double) -> Double {
            (Self.cumulant(tilted(tilt, direction), frequency: 0).real - log(delta)) / tilt
        }
        var tilt = 1.0
        for factor in [4, 2, 1.4, 1.1] {
            while chernoff(tilt * factor) < chernoff(tilt), tilt < 1e6 { tilt *= factor }
            while chernoff(tilt / factor) < chernoff(tilt), tilt > 1e-3 { tilt /= factor }
        }
        var high = max(chernoff(tilt), 0)
        var low = 0.0
        let nodes = tilted(tilt, direction)
        let line = IntegrationLine(
            tilt: tilt,
            highestFrequency: highestFrequency(tilt, direction),
            mostNodes: mostFrequencies,
            cumulant: { Self.cumulant(nodes, frequency: direction.rawValue * $0) }
        )
        guard let line else { return nil }
        // Far below, the curve is a small difference of large terms: not to be asked there.
        low = max(0, high - 25 / tilt)
        if line.delta(epsilon: low) <= delta { return low == 0 ? 0 : nil }
        while high - low > 1e-9 * high {
            let middle = 0.5 * (low + high)
            if line.delta(epsilon: middle) > delta { low = middle } else { high = middle }
        }
        return high
    }

    /// One release under an exponential tilt: the nodes that matter on the line Re z = λ.
    private struct Tilted {
        let count: Double
        /// The logarithm of what all sizes are relative to.
        let logScale: Double
        let nodes: [(loss: Double, size: Double)]
    }

    private func tilted(_ tilt: Double, _ direction: Direction) -> [Tilted] {
        zip(releases, nodes).map { release, nodes in
            // E under the unit's absence of e^(wℓ): w = z + 1 for "remove", −z for "add".
            let exponent = direction == .remove ? tilt + 1 : -tilt
            let largest = nodes.reduce(-Double.infinity) {
                max($0, $1.logWeight + exponent * $1.loss)
            }
            var kept: [(loss: Double, size: Double)] = []
            for node in nodes {
                let height = node.logWeight + exponent * node.loss - largest
                if height > -45 { kept.append((node.loss, exp(height))) }
            }
            return Tilted(count: Double(release.count), logScale: largest, nodes: kept)
        }
    }

    /// K(λ + iy) of the whole composition; the frequency is ±y.
    private static func cumulant(
        _ releases: [Tilted],
        frequency: Double
    ) -> (real: Double, imaginary: Double) {
        var total = (real: 0.0, imaginary: 0.0)
        for release in releases {
            var real = 0.0
            var imaginary = 0.0
            for node in release.nodes {
                real += node.size * cos(frequency * node.loss)
                imaginary += node.size * sin(frequency * node.loss)
            }
            let modulus = 0.5 * log(real * real + imaginary * imaginary)
            total.real += release.count * (release.logScale + modulus)
            total.imaginary += release.count * atan2(imaginary, real)
        }
        return total
    }
}

/// The moment generating function on the line Re z = λ, tabulated until it no longer matters.
private struct IntegrationLine {
    private let tilt: Double
    private let step: Double
    private let values: [(real: Double, imaginary: Double)]

    /// Nil if the function does not fall off below `highestFrequency`, or takes too many nodes to.
    init?(
        tilt: Double,
        highestFrequency: Double,
        mostNodes: Int,
        cumulant: (Double) -> (real: Double, imaginary: Double)
    ) {
        self.tilt = tilt
        let peak = cumulant(0).real
        // Curvature at the saddle: the variance of the tilted loss.
        let probe = 1e-3 * tilt
        let curvature = max(2 * (peak - cumulant(probe).real) / (probe * probe), 1e-12)
        // The trapezoid rule repeats the tilted curve with this period; it must have died down.
        let period = 30 * curvature.squareRoot() + 70 / tilt
        step = 2 * Double.pi / period
        var values: [(real: Double, imaginary: Double)] = []
        var hasFallen = false
        while !hasFallen {
            let y = Double(values.count) * step
            guard values.count < mostNodes, y < highestFrequency else { return nil }
            let value = cumulant(y)
            guard value.real.isFinite, value.imaginary.isFinite else { return nil }
            values.append(value)
            // Relative to the start; what follows falls at least as fast.
            hasFallen = value.real - peak - log1p(y * y / (tilt * tilt)) < -22
        }
        self.values = values
    }

    /// δ(ε).
    func delta(epsilon: Double) -> Double {
        var sum = 0.0
        for (index, value) in values.enumerated() {
            let y = Double(index) * step
            let size = exp(value.real - tilt * epsilon)
            let phase = value.imaginary - y * epsilon
            // 1/(z(z + 1)) with z(z + 1) = a + ib.
            let a = tilt * tilt - y * y + tilt
            let b = y * (2 * tilt + 1)
            let term = size * (cos(phase) * a + sin(phase) * b) / (a * a + b * b)
            sum += index == 0 ? 0.5 * term : term
        }
        return sum * step / Double.pi
    }
}
