internal import Foundation

/// Bounds of epsilon by the plainest discretisation: every loss rounded up, or down, to a fine grid.
///
/// The width of the bracket is the number of steps times the grid's interval, so this serves only
/// where there are few steps; there the inversion of the transform is at its weakest. Releases may be
/// those that a group of units sees: see `NoisyRelease.seen(byGroupOf:)`.
struct RoundedLossBracket {
    private let releases: [(cells: [Cell], count: Int)]
    private let size = 1 << 19
    private let interval: Double

    /// A piece of the line: the losses at its ends and its probabilities.
    private struct Cell {
        let low: Double
        let high: Double
        /// Without the unit.
        let absent: Double
        /// With it.
        let present: Double
    }

    init(_ releases: [NoisyRelease], delta: Double) {
        self.releases = releases.map { (Self.cells(of: $0), $0.count) }
        // Sums beyond it would come round the circle, with a probability that delta does not notice.
        let largest = Self.reach(of: releases, tail: 1e-5 * delta)
        interval = 2 * largest / Double(size)
    }

    /// What summed losses of either sign exceed with a probability of at most `tail`.
    ///
    /// Chernoff's bound, without the unit and with it, at the best of some tilts.
    private static func reach(of releases: [NoisyRelease], tail: Double) -> Double {
        var reach = 1e-3
        for (sign, presence) in [(1.0, 0.0), (1, 1), (-1, 0), (-1, 1)] {
            let bounds = (-16...12).map { power -> Double in
                let tilt = exp2(0.5 * Double(power))
                let moment = releases.reduce(0) {
                    $0 + Double($1.count) * logMoment(of: $1, exponent: sign * tilt + presence)
                }
                return (moment - log(tail)) / tilt
            }
            reach = max(reach, bounds.min() ?? .infinity)
        }
        return reach
    }

    /// ln E[e^(wℓ)] without the unit, by the trapezoid rule.
    private static func logMoment(of release: NoisyRelease, exponent: Double) -> Double {
        if let span = release.span {
            return BoundedRangeLoss(range: span).logMomentOfHalves(exponent)
        }
        let step = min(0.2, 0.2 * release.noiseMultiplier)
        let shift = Double(release.groupSize) / release.noiseMultiplier
        let high = max(exponent, 0) * shift + 14
        let low = min(exponent, 0) * shift - 14
        let heights = stride(from: low, through: high, by: step).map {
            exponent * release.loss(at: $0) - 0.5 * $0 * $0
        }
        let largest = heights.max() ?? 0
        let sum = heights.reduce(0) { $0 + exp($1 - largest) }
        return largest + log(sum * step / (2 * Double.pi).squareRoot())
    }

    /// The line from −14 to 14 + k/σ in equal pieces; losses grow along it.
    private static func cells(of release: NoisyRelease) -> [Cell] {
        if let span = release.span {
            let loss = BoundedRangeLoss(range: span)
            return [1.0, -1].map { sign in
                Cell(
                    low: sign * span / 2,
                    high: sign * span / 2,
                    absent: loss.probabilityOfHalf(sign: -sign),
                    present: loss.probabilityOfHalf(sign: sign)
                )
            }
        }
        let count = 400_000
        let low = -14.0
        let width = (28 + Double(release.groupSize) / release.noiseMultiplier) / Double(count)
        var cells: [Cell] = []
        cells.reserveCapacity(count)
        var loss = release.loss(at: low)
        let chances = release.chancesOfJoining
        for cell in 0..<count {
            let t = low + Double(cell) * width
            let next = release.loss(at: t + width)
            var present = 0.0
            for (joined, chance) in chances.enumerated() where chance > 0 {
                let start = t - Double(joined) / release.noiseMultiplier
                present += chance * probability(start, start + width)
            }
            let absent = probability(t, t + width)
            cells.append(Cell(low: loss, high: next, absent: absent, present: present))
            loss = next
        }
        return cells
    }

    /// Epsilon with all losses rounded down, and up; the larger of both directions each.
    func epsilon(delta: Double) -> ClosedRange<Double> {
        var bounds = [0.0, 0.0]
        for (place, rounding) in [FloatingPointRoundingRule.down, .up].enumerated() {
            for sign in [1.0, -1.0] {
                let masses = composed(sign: sign, rounding)
                bounds[place] = max(bounds[place], epsilon(of: masses, delta: delta))
            }
        }
        return bounds[0]...max(bounds[0], bounds[1])
    }

    /// The summed losses' distribution on a circle: "remove" for sign 1, "add" for −1.
    private func composed(sign: Double, _ rounding: FloatingPointRoundingRule) -> [Double] {
        // The transform of a sum that is certainly 0.
        var real = [Double](repeating: 1, count: size)
        var imaginary = [Double](repeating: 0, count: size)
        for (cells, count) in releases {
            var a = [Double](repeating: 0, count: size)
            var b = a
            place(cells, sign: sign, rounding, on: &a)
            FourierTransform.apply(to: &a, &b)
            for j in 0..<size {
                let size = exp(0.5 * Double(count) * log(a[j] * a[j] + b[j] * b[j]))
                let angle = Double(count) * atan2(b[j], a[j])
                let c = size * cos(angle)
                let d = size * sin(angle)
                (real[j], imaginary[j]) = (
                    real[j] * c - imaginary[j] * d, real[j] * d + imaginary[j] * c
                )
            }
        }
        // Backwards is forwards with both parts swapped, but for the scale.
        FourierTransform.apply(to: &imaginary, &real)
        return real.map { $0 / Double(size) }
    }

    private func place(
        _ cells: [Cell],
        sign: Double,
        _ rounding: FloatingPointRoundingRule,
        on circle: inout [Double]
    ) {
        // The larger of ±low and ±high is at the end that the sign says.
        let takesHigh = (rounding == .up) == (sign > 0)
        for cell in cells {
            let loss = sign * (takesHigh ? cell.high : cell.low)
            let index = Int((loss / interval).rounded(rounding))
            circle[((index % size) + size) % size] += sign > 0 ? cell.present : cell.absent
        }
    }

    private static func probability(_ low: Double, _ high: Double) -> Double {
        let root = 2.0.squareRoot()
        return low > 0
            ? 0.5 * (erfc(low / root) - erfc(high / root))
            : 0.5 * (erfc(-high / root) - erfc(-low / root))
    }

    /// The upper half of the circle holds the negative sums.
    private func epsilon(of masses: [Double], delta: Double) -> Double {
        var index = size / 2 - 1
        var mass = 0.0
        var curve = 0.0
        while index > 0 {
            mass += masses[index]
            curve = exp(-interval) * curve - expm1(-interval) * mass
            index -= 1
            if curve > delta { return Double(index) * interval }
        }
        return 0
    }
}

/// The discrete Fourier transform in Stockham's form, which needs no reversal of bits.
private enum FourierTransform {
    /// Replaces x by Σ_k x_k·e^(−2πi·jk/n), where n is a power of two.
    static func apply(to real: inout [Double], _ imaginary: inout [Double]) {
        var nextReal = real
        var nextImaginary = imaginary
        var half = real.count / 2
        var stride = 1
        while half >= 1 {
            for p in 0..<half {
                let angle = -Double.pi * Double(p) / Double(half)
                let (c, s) = (cos(angle), sin(angle))
                for q in 0..<stride {
                    let (u, v) = (q + stride * p, q + stride * (p + half))
                    let (a, b) = (real[u] - real[v], imaginary[u] - imaginary[v])
                    let target = q + stride * 2 * p
                    nextReal[target] = real[u] + real[v]
                    nextImaginary[target] = imaginary[u] + imaginary[v]
                    nextReal[target + stride] = a * c - b * s
                    nextImaginary[target + stride] = a * s + b * c
                }
            }
            swap(&real, &nextReal)
            swap(&imaginary, &nextImaginary)
            half /= 2
            stride *= 2
        }
    }
}
