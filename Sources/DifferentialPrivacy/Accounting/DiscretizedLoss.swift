internal import Foundation

/// The distribution of one step's privacy loss in one direction, on a grid.
struct DiscretizedLoss {
    /// Distance of neighbouring grid points, in nats.
    let interval: Double
    /// `masses[n]` is the probability of the loss `(firstIndex + n)·interval + offset`.
    var firstIndex: Int
    var masses: [Double]
    /// Added to every loss; not 0 only for optimistic estimates.
    var offset = 0.0
    /// Probability of an infinite loss.
    var infiniteMass = 0.0

    /// ln E[exp(tilt·loss)] over the finite losses without `offset`.
    ///
    /// Blocks of 64 by Horner's rule, added up in log space: no overflow at any tilt.
    func logMoment(tilt: Double) -> Double {
        let ratio = exp(tilt * interval)
        let span = masses.span
        var largest = -Double.infinity
        var sum = 0.0
        var start = 0
        while start < span.count {
            // A block starts with a mass, or the ratio's underflow would hide those behind it.
            guard span[start] > 0 else {
                start += 1
                continue
            }
            let end = min(start + 64, span.count)
            var value = 0.0
            var n = end - 1
            while n >= start {
                value = value * ratio + span[n]
                n -= 1
            }
            if value > 0 {
                let logValue = log(value) + tilt * interval * Double(firstIndex + start)
                if logValue > largest {
                    sum = sum * exp(largest - logValue) + 1
                    largest = logValue
                } else {
                    sum += exp(logValue - largest)
                }
            }
            start = end
        }
        return largest + log(sum)
    }

    /// Adds the masses, times exp(tilt·loss − logMoment), to a circle of `circle.count` grid points.
    func placeTilted(by tilt: Double, logMoment: Double, on circle: inout [Double]) {
        let size = circle.count
        var place = firstIndex % size
        if place < 0 { place += size }
        for n in masses.indices {
            if masses[n] > 0 {
                let loss = Double(firstIndex + n) * interval
                circle[place] += masses[n] * exp(tilt * loss - logMoment)
            }
            place += 1
            if place == size { place = 0 }
        }
    }
}

/// The privacy losses of one kind of step in both directions, and how often it happens.
struct StepLosses {
    /// Loss when the unit is in the corpus and its absence is the alternative.
    let remove: DiscretizedLoss
    /// Loss when the unit is absent and its presence is the alternative.
    let add: DiscretizedLoss
    /// How many such steps are composed.
    let count: Int
}

/// On which side of the truth a discretised privacy loss lies.
package enum PLDEstimate: Sendable {
    /// Never below the true epsilon: what is reported.
    case pessimistic
    /// Never above the true epsilon: a check on the other bounds.
    case optimistic
}
