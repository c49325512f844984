internal import Foundation

/// Chooses the grid interval for a composition and prepares each kind of step for it.
struct PLDGrid {
    /// The longest Fourier transform, in grid points: about 200 MB of working memory.
    static let largestTransform = 1 << 21
    private static let mostBins = 1 << 20

    /// Distance of neighbouring grid points, in nats: a power of two, so that it, and with it
    /// epsilon, does not jitter while σ is searched for.
    let interval: Double
    /// Each kind of step, ready to be discretised, with its count.
    let losses: [(loss: SubsampledGaussianLoss, count: Int)]
    /// The curves of choices of bounded range, each composed already.
    let curves: [BoundedRangeCurve]

    /// The coarsest grid whose discretisation adds at most about `tolerance` to epsilon.
    ///
    /// A step's loss gains a variance of h²/6 and a mean of h²/12, so that ε grows by about
    /// T·(λ + 1)·h²/12 at tilt λ.
    init(
        _ composition: EventComposition,
        _ curves: [BoundedRangeCurve],
        delta: Double,
        tilt: Double,
        tolerance: Double
    ) {
        let total = Double(composition.groups.reduce(curves.count) { $0 + $1.count })
        let wanted = (12 * tolerance / (total * (tilt + 1))).squareRoot()
        let interval = exp2(min(log2(wanted).rounded(.down), -8))
        self.init(composition, curves, delta: delta, interval: interval)
    }

    /// A grid with the given interval, or the next coarser one that needs no more than 2²⁰ bins.
    init(
        _ composition: EventComposition,
        _ curves: [BoundedRangeCurve],
        delta: Double,
        interval: Double
    ) {
        let groups = composition.groups
        let total = Double(groups.reduce(0) { $0 + $1.count })
        let tail = max(1e-9 * delta / total, 1e-300)
        func prepared(_ interval: Double) -> [(loss: SubsampledGaussianLoss, count: Int)] {
            groups.map {
                let loss = SubsampledGaussianLoss(
                    samplingProbability: $0.samplingProbability,
                    noiseMultiplier: $0.noiseMultiplier,
                    interval: interval,
                    tail: tail
                )
                return (loss, $0.count)
            }
        }
        var interval = interval
        var losses = prepared(interval)
        while losses.contains(where: { $0.loss.binCount > Self.mostBins }) {
            interval *= 2
            losses = prepared(interval)
        }
        self.interval = interval
        self.losses = losses
        self.curves = curves
    }

    /// Every kind of step in both directions.
    func discretized(_ estimate: PLDEstimate) -> [StepLosses] {
        let choices = curves.map { curve -> StepLosses in
            let loss =
                switch estimate {
                case .pessimistic: curve.discretized(interval: interval)
                case .optimistic: curve.optimistic(interval: interval)
                }
            return StepLosses(remove: loss, add: loss, count: 1)
        }
        return losses.map { $0.loss.discretized(estimate, count: $0.count) } + choices
    }
}
